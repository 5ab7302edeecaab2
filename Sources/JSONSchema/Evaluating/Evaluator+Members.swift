import JSON

// Keywords that look at the members of an object.
extension Evaluator {
    mutating func satisfies(
        _ rule: MembersRule,
        at object: Int,
        count: Int,
        isCollecting: Bool
    ) throws(EvaluationBound) -> Bool {
        guard count >= rule.countMin else {
            return refuse(.tooFewProperties(count: count, countMin: rule.countMin))
        }
        guard count <= rule.countMax else {
            return refuse(.tooManyProperties(countMax: rule.countMax))
        }
        var requiredCount = 0
        var name = object + 1
        for _ in 0..<count {
            try charge(1)
            let member = rule.member(named: id(ofName: name))
            if member?.isRequired == true { requiredCount += 1 }
            guard try satisfies(rule, member?.schema, named: name, isCollecting: isCollecting)
            else { return false }
            name = values.index(after: name + 1)
        }
        // Neither the names of members nor those required repeat, so counting them is enough.
        if requiredCount < rule.required.count {
            return try refuseMissing(rule.required, at: object)
        }
        for (name, required) in rule.dependencies where try hasMember(named: name, at: object) {
            for other in required where try !hasMember(named: other, at: object) {
                let text = excerpt(program.names.text(of: name))
                return refuse(.missingBeside(text), at: program.names.text(of: other))
            }
        }
        return true
    }

    /// Whether one member satisfies what concerns its name and its value.
    private mutating func satisfies(
        _ rule: MembersRule,
        _ schema: Int?,
        named name: Int,
        isCollecting: Bool
    ) throws(EvaluationBound) -> Bool {
        if let names = rule.names {
            guard try decides(names, at: name) else {
                return refuse(.forbiddenName(excerpt(text(ofName: name))))
            }
        }
        let value = name + 1
        var isCovered = false
        if let schema {
            isCovered = true
            guard try satisfies(schema, at: value, by: .member(name: name)) else { return false }
        }
        for (pattern, schema) in rule.patterns where try matches(pattern, ofName: name) {
            isCovered = true
            guard try satisfies(schema, at: value, by: .member(name: name)) else { return false }
        }
        if !isCovered, let additional = rule.additional {
            isCovered = true
            guard try satisfies(additional, at: value, by: .member(name: name)) else {
                return refuse(unknownMember: name, rule, schema: additional)
            }
        }
        if isCollecting, isCovered { evaluated.append(value) }
        return true
    }

    mutating func satisfies(
        unevaluatedProperties schema: Int,
        at object: Int,
        since start: Int
    ) throws(EvaluationBound) -> Bool {
        guard case .object(let count, _) = values.nodes[object] else { return true }
        let seen = try sortedEvaluated(since: start)
        var seenIndex = 0
        var name = object + 1
        for _ in 0..<count {
            try charge(1)
            let value = name + 1
            while seenIndex < seen.count, seen[seenIndex] < value { seenIndex += 1 }
            if seenIndex == seen.count || seen[seenIndex] != value {
                guard try satisfies(schema, at: value, by: .member(name: name)) else {
                    return false
                }
                evaluated.append(value)
            }
            name = values.index(after: value)
        }
        return true
    }

    /// Looks through the members one by one; only keywords that are rare ask.
    mutating func hasMember(
        named wanted: NameTable.ID,
        at object: Int
    ) throws(EvaluationBound) -> Bool {
        guard case .object(let count, _) = values.nodes[object] else { return false }
        var name = object + 1
        for _ in 0..<count {
            try charge(1)
            if id(ofName: name) == wanted { return true }
            name = values.index(after: name + 1)
        }
        return false
    }

    private func id(ofName node: Int) -> NameTable.ID {
        guard case .name(let id, _) = values.nodes[node] else { return NameTable.unknown }
        return id
    }

    private mutating func matches(
        _ pattern: Int,
        ofName node: Int
    ) throws(EvaluationBound) -> Bool {
        guard case .name(_, let extent) = values.nodes[node] else { return false }
        return try matches(pattern, extent.string)
    }

    private mutating func refuseMissing(
        _ required: [NameTable.ID],
        at object: Int
    ) throws(EvaluationBound) -> Bool {
        guard purpose == .telling else { return false }
        for name in required where try !hasMember(named: name, at: object) {
            return refuse(.missing, at: program.names.text(of: name))
        }
        return false
    }
}
