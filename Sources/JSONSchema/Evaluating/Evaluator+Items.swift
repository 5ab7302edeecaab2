import JSON

// Keywords that look at the elements of an array.
extension Evaluator {
    mutating func satisfies(
        _ rule: ItemsRule,
        at array: Int,
        count: Int,
        isCollecting: Bool
    ) throws(EvaluationBound) -> Bool {
        guard count >= rule.countMin else {
            return refuse(.tooFewItems(count: count, countMin: rule.countMin))
        }
        guard count <= rule.countMax else { return refuse(.tooManyItems(countMax: rule.countMax)) }
        if !rule.prefix.isEmpty || rule.rest != nil {
            var element = array + 1
            for index in 0..<count {
                try charge(1)
                guard let schema = index < rule.prefix.count ? rule.prefix[index] : rule.rest
                else { break }
                guard try satisfies(schema, at: element, by: .element(index)) else { return false }
                if isCollecting { evaluated.append(element) }
                element = values.index(after: element)
            }
        }
        if let contained = rule.contained {
            guard
                try satisfies(contained, at: array, count: count, isCollecting: isCollecting)
            else { return false }
        }
        return rule.areUnique ? try areUnique(at: array, count: count) : true
    }

    /// Elements that `contains` accepts count as looked at (JSON Schema Core 2020-12 §10.3.1.3).
    private mutating func satisfies(
        _ rule: ContainsRule,
        at array: Int,
        count: Int,
        isCollecting: Bool
    ) throws(EvaluationBound) -> Bool {
        var containedCount = 0
        var element = array + 1
        for _ in 0..<count {
            if try decides(rule.schema, at: element) {
                containedCount += 1
                guard containedCount <= rule.countMax else {
                    return refuse(.tooManyContained(countMax: rule.countMax))
                }
                if isCollecting { evaluated.append(element) }
                let isDecided = containedCount >= rule.countMin && rule.countMax == .max
                if isDecided, !isCollecting { return true }
            }
            element = values.index(after: element)
        }
        if containedCount >= rule.countMin { return true }
        return refuse(.tooFewContained(count: containedCount, countMin: rule.countMin))
    }

    mutating func satisfies(
        unevaluatedItems schema: Int,
        at array: Int,
        since start: Int
    ) throws(EvaluationBound) -> Bool {
        guard case .array(let count, _) = values.nodes[array] else { return true }
        let seen = try sortedEvaluated(since: start)
        var seenIndex = 0
        var element = array + 1
        for index in 0..<Int(count) {
            try charge(1)
            while seenIndex < seen.count, seen[seenIndex] < element { seenIndex += 1 }
            if seenIndex == seen.count || seen[seenIndex] != element {
                guard try satisfies(schema, at: element, by: .element(index)) else { return false }
                evaluated.append(element)
            }
            element = values.index(after: element)
        }
        return true
    }

    /// What schemas have looked at since `start`: members or elements of the value at hand.
    mutating func sortedEvaluated(since start: Int) throws(EvaluationBound) -> [Int] {
        try charge(evaluated.count - start)
        return evaluated[start...].sorted()
    }
}
