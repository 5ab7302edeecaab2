import Bytes
import JSON

/// Applies the schemas of a program to the values of one text.
///
/// It calls itself as schemas contain each other, ``CompiledSchema/evaluationDepthMax`` deep at
/// most, and pays for all it does from a budget of steps:
///
/// * one for each schema applied to a value, for each member or element looked at, for each
///   comparison with an allowed value and for each instruction of a pattern;
/// * one for every ``byteCountPerStep`` bytes of a string or number that is read.
///
/// A schema that is applied twice to a value is paid for twice: there is no memory of results. A
/// step takes some ten nanoseconds.
struct Evaluator: ~Escapable {
    /// What a failure is wanted for.
    enum Purpose {
        /// It will be told: the reason is worked out.
        case telling
        /// Another alternative may hold: only whether.
        case deciding
    }

    enum PathStep {
        case member(name: Int)
        case element(Int)
    }

    static let byteCountPerStep = 16

    let program: SchemaProgram
    let values: ValueIndex
    let reader: JSONReader

    /// How many steps are left.
    var steps: Int

    var purpose = Purpose.telling

    /// The way from the root to the value at hand.
    var path: [PathStep] = []

    /// The first failure that was told.
    var violation: SchemaViolation?

    /// How many steps from the root it is; its path may show fewer.
    var violationDepth = 0

    /// The nodes of members and elements that schemas in force have looked at.
    ///
    /// Every schema takes back what it added when it fails, and, unless a schema around it asks,
    /// when it ends. Those of a value lie together, as it is the innermost that is being looked at.
    var evaluated: [Int] = []

    var matcher = PatternMatcher()

    /// The text of the last string with escapes that a pattern was asked about.
    var decoded = ByteBuffer()

    private var depth = 0

    /// The schema resources entered, the outermost first (JSON Schema Core 2020-12 §7.1).
    private var scope: [Int] = []

    @_lifetime(copy text)
    init(_ program: SchemaProgram, values: ValueIndex, of text: Span<UInt8>, steps: Int) {
        self.program = program
        self.values = values
        self.steps = steps
        reader = JSONReader(text)
    }

    /// Whether a value satisfies a schema.
    ///
    /// - Parameters:
    ///   - schema: Index of the schema.
    ///   - value: Index of the value's node.
    ///   - isCollecting: Whether a schema around asks what this one has looked at.
    /// - Returns: `false` if it does not; ``violation`` says why if that will be told.
    /// - Throws: ``EvaluationBound`` if it is not found out.
    mutating func satisfies(
        _ schema: Int,
        at value: Int,
        isCollecting: Bool = false
    ) throws(EvaluationBound) -> Bool {
        try charge(1)
        let subschema = program.schemas[schema]
        if subschema.keywords.isEmpty { return true }
        guard depth < CompiledSchema.evaluationDepthMax else { throw .depth }
        depth += 1
        let entersResource = scope.last != subschema.resource
        if entersResource { scope.append(subschema.resource) }
        let start = evaluated.count
        let collects = isCollecting || subschema.needsEvaluated
        var isSatisfied = true
        for keyword in subschema.keywords {
            isSatisfied = try satisfies(keyword, at: value, since: start, isCollecting: collects)
            if !isSatisfied { break }
        }
        if !isSatisfied || !isCollecting { forgetEvaluated(since: start) }
        if entersResource { scope.removeLast() }
        depth -= 1
        return isSatisfied
    }

    /// Whether a member's value or an element satisfies a schema.
    mutating func satisfies(
        _ schema: Int,
        at value: Int,
        by step: PathStep
    ) throws(EvaluationBound) -> Bool {
        path.append(step)
        let isSatisfied = try satisfies(schema, at: value)
        path.removeLast()
        return isSatisfied
    }

    /// The same without telling why not.
    mutating func decides(
        _ schema: Int,
        at value: Int,
        isCollecting: Bool = false
    ) throws(EvaluationBound) -> Bool {
        let outer = purpose
        purpose = .deciding
        let isSatisfied = try satisfies(schema, at: value, isCollecting: isCollecting)
        purpose = outer
        return isSatisfied
    }

    @inline(__always)
    mutating func charge(_ count: Int) throws(EvaluationBound) {
        guard steps >= count else {
            steps = 0
            throw .steps
        }
        steps &-= count
    }

    mutating func charge(byteCount: Int) throws(EvaluationBound) {
        try charge(1 + byteCount / Self.byteCountPerStep)
    }

    mutating func forgetEvaluated(since start: Int) {
        if evaluated.count > start { evaluated.removeLast(evaluated.count - start) }
    }

    private mutating func satisfies(
        _ keyword: Keyword,
        at value: Int,
        since start: Int,
        isCollecting: Bool
    ) throws(EvaluationBound) -> Bool {
        switch keyword {
        case .nothing:
            return refuse(.forbidden)
        case .kinds, .const, .enumeration:
            return try satisfies(general: keyword, at: value)
        case .multipleOf, .minimum, .exclusiveMinimum, .maximum, .exclusiveMaximum:
            guard case .number(let extent) = values.nodes[value] else { return true }
            return try satisfies(numeric: keyword, at: extent.range)
        case .minLength, .maxLength, .pattern:
            switch values.nodes[value] {
            case .string(let extent), .name(_, let extent):
                return try satisfies(textual: keyword, extent.string)
            default: return true
            }
        case .items(let rule):
            guard case .array(let count, _) = values.nodes[value] else { return true }
            return try satisfies(rule, at: value, count: Int(count), isCollecting: isCollecting)
        case .members(let rule):
            guard case .object(let count, _) = values.nodes[value] else { return true }
            return try satisfies(rule, at: value, count: Int(count), isCollecting: isCollecting)
        case .reference(let schema):
            return try satisfies(schema, at: value, isCollecting: isCollecting)
        case .dynamicReference(let anchor, let otherwise):
            let schema = try target(of: anchor) ?? otherwise
            return try satisfies(schema, at: value, isCollecting: isCollecting)
        case .allOf(let schemas):
            for schema in schemas {
                guard try satisfies(schema, at: value, isCollecting: isCollecting) else {
                    return false
                }
            }
            return true
        case .anyOf(let schemas):
            return try satisfies(anyOf: schemas, at: value, isCollecting: isCollecting)
        case .oneOf(let schemas):
            return try satisfies(oneOf: schemas, at: value, isCollecting: isCollecting)
        case .not(let schema):
            return try decides(schema, at: value) ? refuse(.excluded) : true
        case .conditional(let condition, let then, let otherwise):
            let holds = try decides(condition, at: value, isCollecting: isCollecting)
            guard let schema = holds ? then : otherwise else { return true }
            return try satisfies(schema, at: value, isCollecting: isCollecting)
        case .dependentSchemas(let schemas):
            for (name, schema) in schemas where try hasMember(named: name, at: value) {
                guard try satisfies(schema, at: value, isCollecting: isCollecting) else {
                    return false
                }
            }
            return true
        case .unevaluatedItems(let schema):
            return try satisfies(unevaluatedItems: schema, at: value, since: start)
        case .unevaluatedProperties(let schema):
            return try satisfies(unevaluatedProperties: schema, at: value, since: start)
        }
    }

    /// What `$dynamicRef` means here: the anchor of the outermost resource that has it.
    private mutating func target(of anchor: NameTable.ID) throws(EvaluationBound) -> Int? {
        for resource in scope {
            try charge(1)
            if let schema = program.dynamicAnchors[resource][anchor] { return schema }
        }
        return nil
    }
}
