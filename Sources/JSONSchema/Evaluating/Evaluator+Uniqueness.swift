import JSON

// The keyword `uniqueItems`.
extension Evaluator {
    /// Whether no two elements are equal.
    ///
    /// Elements are compared only where their hashes are the same. The hash is the standard
    /// library's, whose key is new in every process: nobody can send elements that collide. Two
    /// whose hashes are the same are equal, then, and the first such pair ends the search.
    mutating func areUnique(at array: Int, count: Int) throws(EvaluationBound) -> Bool {
        guard count > 1 else { return true }
        var elements: [(hash: Int, index: Int, node: Int)] = []
        elements.reserveCapacity(count)
        var node = array + 1
        for index in 0..<count {
            var hasher = Hasher()
            try hash(node, into: &hasher)
            elements.append((hasher.finalize(), index, node))
            node = values.index(after: node)
        }
        // Sorting compares each element with some twenty others.
        try charge(count)
        elements.sort { ($0.hash, $0.index) < ($1.hash, $1.index) }
        var first = 0
        for second in 1..<count {
            if elements[second].hash != elements[first].hash {
                first = second
                continue
            }
            for earlier in first..<second {
                let constant = Constant(at: elements[earlier].node, of: values, in: reader)
                guard try equals(constant, elements[second].node) else { continue }
                return refuse(
                    .repeatedItem(first: elements[earlier].index, second: elements[second].index)
                )
            }
        }
        return true
    }

    /// Equal values have equal hashes, whatever their spelling and the order of their members.
    private mutating func hash(
        _ node: Int,
        into hasher: inout Hasher
    ) throws(EvaluationBound) {
        try charge(1)
        switch values.nodes[node] {
        case .null:
            hasher.combine(0)
        case .bool(let value):
            hasher.combine(value)
        case .number(let extent):
            hasher.combine(try number(at: extent.range))
        case .string(let extent), .name(_, let extent):
            hasher.combine(try hash(of: extent))
        case .array(let count, _):
            hasher.combine(count)
            var element = node + 1
            for _ in 0..<count {
                try hash(element, into: &hasher)
                element = values.index(after: element)
            }
        case .object(let count, _):
            var sum = 0
            var name = node + 1
            for _ in 0..<count {
                var member = Hasher()
                try hash(name, into: &member)
                try hash(name + 1, into: &member)
                sum &+= member.finalize()
                name = values.index(after: name + 1)
            }
            hasher.combine(sum)
        }
    }

    private mutating func hash(of extent: ValueIndex.Extent) throws(EvaluationBound) -> Int {
        try charge(byteCount: extent.range.count)
        var hasher = Hasher()
        _ = reader.allBytes(of: extent.string) { byte in
            hasher.combine(byte)
            return true
        }
        return hasher.finalize()
    }
}
