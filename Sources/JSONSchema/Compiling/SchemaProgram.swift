/// A schema document, compiled: what ``CompiledSchema`` keeps and an ``Evaluator`` runs.
struct SchemaProgram: Sendable {
    /// The first is the document's root.
    var schemas: [Subschema] = []
    var patterns: [Pattern] = []
    var names = NameTable()

    /// By schema resource: the schemas that its dynamic anchors name.
    var dynamicAnchors: [[NameTable.ID: Int]] = []
}
