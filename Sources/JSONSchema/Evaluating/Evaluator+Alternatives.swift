// The keywords `anyOf` and `oneOf`, and what to say when none of several schemas holds.
extension Evaluator {
    mutating func satisfies(
        anyOf schemas: [Int],
        at value: Int,
        isCollecting: Bool
    ) throws(EvaluationBound) -> Bool {
        var isSatisfied = false
        for schema in schemas
        where try decides(schema, at: value, isCollecting: isCollecting) {
            isSatisfied = true
            // Only if somebody asks what all of them have looked at do the others matter.
            if !isCollecting { break }
        }
        return isSatisfied ? true : try refuse(all: schemas, at: value)
    }

    mutating func satisfies(
        oneOf schemas: [Int],
        at value: Int,
        isCollecting: Bool
    ) throws(EvaluationBound) -> Bool {
        var first: Int?
        for (index, schema) in schemas.enumerated()
        where try decides(schema, at: value, isCollecting: isCollecting) {
            if let first { return refuse(.severalAlternatives(first: first, second: index)) }
            first = index
        }
        return first == nil ? try refuse(all: schemas, at: value) : true
    }

    /// Says what is wrong with a value that satisfies none of several schemas.
    ///
    /// If only one of them could be meant, as the others want another kind of value, what is wrong
    /// with that one. The schemas are applied a second time, for their reasons.
    private mutating func refuse(
        all schemas: [Int],
        at value: Int
    ) throws(EvaluationBound) -> Bool {
        guard purpose == .telling, violation == nil else { return false }
        var expectations: [String] = []
        var meant: [(violation: SchemaViolation, depth: Int)] = []
        for schema in schemas {
            _ = try satisfies(schema, at: value)
            guard let found = violation else { continue }
            violation = nil
            if violationDepth == path.count, case .wrongKind(_, let expected) = found.reason {
                if !expectations.contains(expected) { expectations.append(expected) }
            } else {
                meant.append((found, violationDepth))
            }
        }
        switch meant.count {
        case 0:
            let expected = expectations.joined(separator: " or ")
            return refuse(.wrongKind(values.kind(of: value), expected: expected))
        case 1:
            (violation, violationDepth) = meant[0]
            return false
        default:
            return refuse(.noAlternative(count: schemas.count))
        }
    }
}
