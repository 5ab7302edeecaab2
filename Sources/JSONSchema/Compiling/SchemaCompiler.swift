import Bytes
import JSON

/// Turns the text of a schema into a program.
///
/// First it walks through all places where schemas stand and notes resources and anchors
/// (`SchemaCompiler+Scanning`); then it compiles one schema after the other, which may lead to
/// places that no keyword names, through a JSON Pointer; last it looks for schemas that apply each
/// other without end. Nothing here calls itself, so a schema cannot exhaust the stack.
struct SchemaCompiler: ~Escapable {
    /// A schema with an identifier of its own, or the root of the document.
    struct Resource {
        let uri: URIReference
        let root: Int
        /// By name, the nodes of schemas.
        var anchors: [String: Int] = [:]
        var dynamicAnchors: [String: Int] = [:]
    }

    let values: ValueIndex
    let reader: JSONReader

    var program = SchemaProgram()
    var resources: [Resource] = []

    /// By URI, without fragment.
    var resourcesByURI: [String: Int] = [:]

    /// By node: the indices of schemas in the program.
    var schemas: [Int: Int] = [:]

    /// The nodes of the schemas, in the order of the program.
    var nodes: [Int] = []

    var patterns: [String: Int] = [:]
    var patternInstructionCount = 0

    static func program(for text: Span<UInt8>) throws(SchemaError) -> SchemaProgram {
        let countMax = CompiledSchema.schemaByteCountMax
        guard text.count <= countMax else { throw SchemaError(.tooLong(byteCountMax: countMax)) }
        var compiler = SchemaCompiler(of: try Self.values(of: text), in: text)
        try compiler.compile()
        return compiler.program
    }

    private static func values(of text: Span<UInt8>) throws(SchemaError) -> ValueIndex {
        let values: ValueIndex
        do {
            values = try ValueIndex(of: text, names: NameTable())
        } catch {
            switch error {
            case .malformed(let error):
                throw SchemaError(.malformed(error))
            case .repeated(let violation):
                throw SchemaError(.repeatedMember, at: "#/\(violation.path)")
            case .tooLong:
                throw SchemaError(.tooLong(byteCountMax: CompiledSchema.schemaByteCountMax))
            }
        }
        let countMax = CompiledSchema.schemaValueCountMax
        guard values.nodes.count <= countMax else {
            throw SchemaError(.tooManyValues(countMax: countMax))
        }
        return values
    }

    @_lifetime(copy text)
    private init(of values: ValueIndex, in text: Span<UInt8>) {
        self.values = values
        reader = JSONReader(text)
    }

    private mutating func compile() throws(SchemaError) {
        try scan(from: 0, in: nil)
        var next = 0
        // Compiling a reference may add schemas.
        while next < nodes.count {
            try compile(next)
            next += 1
        }
        try refuseEndlessReferences()
        program.dynamicAnchors = resources.map { _ in [:] }
        for (index, resource) in resources.enumerated() {
            for (name, node) in resource.dynamicAnchors {
                program.dynamicAnchors[index][program.names.insert(name)] = schema(at: node)
            }
        }
        program.names.sort()
    }

    /// The index of the schema at a node that has been scanned.
    func schema(at node: Int) -> Int {
        guard let schema = schemas[node] else { preconditionFailure("no schema was found here") }
        return schema
    }

    /// The index of a pattern, compiled once however often it stands in the schema.
    mutating func pattern(_ source: String, at node: Int) throws(SchemaError) -> Int {
        if let known = patterns[source] { return known }
        let pattern: Pattern
        do {
            pattern = try Pattern(source)
        } catch {
            throw self.error(.pattern(error), at: node)
        }
        patternInstructionCount += pattern.instructionCount
        let countMax = CompiledSchema.patternInstructionCountMax
        guard patternInstructionCount <= countMax else {
            throw error(.patternsTooLarge(instructionCountMax: countMax), at: node)
        }
        patterns[source] = program.patterns.count
        program.patterns.append(pattern)
        return program.patterns.count - 1
    }

    func error(_ reason: SchemaError.Reason, at node: Int) -> SchemaError {
        SchemaError(reason, at: pointer(to: node))
    }

    func unexpected(_ node: Int, _ expected: SchemaError.Expectation) -> SchemaError {
        error(.unexpected(values.kind(of: node), expected: expected), at: node)
    }
}
