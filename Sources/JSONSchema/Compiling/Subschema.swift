/// One schema of a document, ready to be applied.
struct Subschema: Sendable {
    /// In the order in which they are applied: what is cheap first, `unevaluated…` last.
    var keywords: [Keyword]

    /// The schema resource it stands in, which is what `$dynamicRef` looks through.
    var resource: Int

    /// Whether a keyword asks which members or elements the others have looked at.
    var needsEvaluated: Bool
}

/// A keyword with what it was compiled to.
///
/// An `Int` is the index of a schema, a pattern's or a length.
enum Keyword: Sendable {
    /// The schema `false`.
    case nothing
    case kinds(KindSet)
    case const(AllowedValue)
    case enumeration([AllowedValue])
    case multipleOf(Bound)
    case minimum(Bound)
    case exclusiveMinimum(Bound)
    case maximum(Bound)
    case exclusiveMaximum(Bound)
    case minLength(Int)
    case maxLength(Int)
    case pattern(Int)
    case items(ItemsRule)
    case members(MembersRule)
    case reference(Int)
    case dynamicReference(anchor: NameTable.ID, otherwise: Int)
    case allOf([Int])
    case anyOf([Int])
    case oneOf([Int])
    case not(Int)
    case conditional(if: Int, then: Int?, otherwise: Int?)
    case dependentSchemas([(name: NameTable.ID, schema: Int)])
    case unevaluatedItems(Int)
    case unevaluatedProperties(Int)
}

/// A number that a keyword compares with, and how the schema spells it.
struct Bound: Sendable {
    let value: ExactNumber
    let text: Excerpt
}

/// A value of `const` or `enum`, and how the schema spells it.
struct AllowedValue: Sendable {
    let value: Constant
    let text: Excerpt
}

/// The keywords that look at an array, gathered so that one pass serves all.
struct ItemsRule: Sendable {
    var prefix: [Int] = []
    var rest: Int?
    var countMin = 0
    var countMax = Int.max
    var areUnique = false
    var contained: ContainsRule?
}

struct ContainsRule: Sendable {
    var schema: Int
    var countMin = 1
    var countMax = Int.max
}

/// The keywords that look at an object, gathered so that one pass serves all.
struct MembersRule: Sendable {
    /// What the schema says of a member by its name.
    struct Member: Sendable {
        let name: NameTable.ID
        var schema: Int?
        var isRequired = false
    }

    /// Ascending by name, for a search by halves.
    var members: [Member] = []

    /// In the order of the schema, each once.
    var required: [NameTable.ID] = []
    var patterns: [(pattern: Int, schema: Int)] = []
    var additional: Int?
    var names: Int?
    var countMin = 0
    var countMax = Int.max
    var dependencies: [(name: NameTable.ID, required: [NameTable.ID])] = []

    /// The names that `properties` lists, for the message about any other.
    var known: [String] = []

    func member(named name: NameTable.ID) -> Member? {
        guard name != NameTable.unknown else { return nil }
        var low = 0
        var high = members.count
        while low < high {
            let middle = (low + high) / 2
            if members[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low < members.count && members[low].name == name ? members[low] : nil
    }
}
