import JSON

// The values of keywords.
extension SchemaCompiler {
    struct Member {
        let name: Int
        let value: Int
    }

    func members(of node: Int) -> [Member] {
        guard case .object(let count, _) = values.nodes[node] else { return [] }
        var members: [Member] = []
        members.reserveCapacity(Int(count))
        var name = node + 1
        for _ in 0..<count {
            members.append(Member(name: name, value: name + 1))
            name = values.index(after: name + 1)
        }
        return members
    }

    func elements(of node: Int) -> [Int] {
        guard case .array(let count, _) = values.nodes[node] else { return [] }
        var elements: [Int] = []
        elements.reserveCapacity(Int(count))
        var element = node + 1
        for _ in 0..<count {
            elements.append(element)
            element = values.index(after: element)
        }
        return elements
    }

    /// The keywords of a schema and the nodes of their values; none for a boolean.
    func keywords(of node: Int) -> [SchemaKeyword: Int] {
        var keywords: [SchemaKeyword: Int] = [:]
        for member in members(of: node) {
            guard let keyword = SchemaKeyword(rawValue: text(at: member.name)) else { continue }
            keywords[keyword] = member.value
        }
        return keywords
    }

    /// The text of a string or of the name of a member; empty for anything else.
    func text(at node: Int) -> String {
        switch values.nodes[node] {
        case .string(let extent), .name(_, let extent): reader.text(of: extent.string)
        default: ""
        }
    }

    func string(at node: Int) throws(SchemaError) -> String {
        guard values.kind(of: node) == .string else { throw unexpected(node, .string) }
        return text(at: node)
    }

    func count(at node: Int) throws(SchemaError) -> Int {
        guard case .number(let extent) = values.nodes[node], let count = number(at: extent).count
        else { throw unexpected(node, .count) }
        return count
    }

    func bool(at node: Int) throws(SchemaError) -> Bool {
        guard case .bool(let value) = values.nodes[node] else { throw unexpected(node, .bool) }
        return value
    }

    func bound(at node: Int) throws(SchemaError) -> Bound {
        guard case .number(let extent) = values.nodes[node] else { throw unexpected(node, .number) }
        return Bound(value: number(at: extent), text: excerpt(of: node))
    }

    func divisor(at node: Int) throws(SchemaError) -> Bound {
        let bound = try bound(at: node)
        guard !bound.value.isZero, !bound.value.isNegative else {
            throw unexpected(node, .positiveNumber)
        }
        guard bound.value.digits.isEmpty else {
            let digitCountMax = ExactNumber.significandDigitCountMax
            throw error(.divisorTooLong(digitCountMax: digitCountMax), at: node)
        }
        return bound
    }

    func allowedValue(at node: Int) -> AllowedValue {
        AllowedValue(
            value: Constant(at: node, of: values, in: reader),
            text: excerpt(of: node)
        )
    }

    func kinds(at node: Int) throws(SchemaError) -> KindSet {
        let names: [Int]
        switch values.nodes[node] {
        case .string: names = [node]
        case .array: names = elements(of: node)
        default: throw unexpected(node, .typeNames)
        }
        guard !names.isEmpty else { throw error(.empty, at: node) }
        var kinds: KindSet = []
        for name in names {
            guard values.kind(of: name) == .string else { throw unexpected(name, .typeNames) }
            guard let kind = KindSet.named(text(at: name)) else {
                throw error(.unknownType(text(at: name)), at: name)
            }
            kinds.insert(kind)
        }
        return kinds
    }

    /// The numbers of names in an array of strings, each once.
    mutating func names(at node: Int) throws(SchemaError) -> [NameTable.ID] {
        guard values.kind(of: node) == .array else { throw unexpected(node, .listOfStrings) }
        var names: [NameTable.ID] = []
        var seen: Set<NameTable.ID> = []
        for element in elements(of: node) {
            guard values.kind(of: element) == .string else {
                throw unexpected(element, .string)
            }
            let name = program.names.insert(text(at: element))
            if seen.insert(name).inserted { names.append(name) }
        }
        return names
    }

    private func number(at extent: ValueIndex.Extent) -> ExactNumber {
        ExactNumber(0..<extent.range.count, in: reader.bytes(in: extent.range))
    }

    /// A value as the schema spells it, without white space.
    private func excerpt(of node: Int) -> Excerpt {
        var text = ""
        append(node, to: &text)
        return Excerpt(text)
    }

    /// Calls itself for each level, of which there are 64 at most.
    private func append(_ node: Int, to text: inout String) {
        // What follows is not shown.
        guard text.unicodeScalars.count <= Excerpt.scalarCountMax else { return }
        switch values.nodes[node] {
        case .null: text += "null"
        case .bool(let value): text += "\(value)"
        case .number(let extent):
            text += reader.text(of: JSONString(range: extent.range, hasEscapes: false))
        case .string(let extent), .name(_, let extent):
            let raw = reader.text(of: JSONString(range: extent.range, hasEscapes: false))
            text += "\"\(raw)\""
        case .array:
            text += "["
            for (index, element) in elements(of: node).enumerated() {
                if index > 0 { text += "," }
                append(element, to: &text)
            }
            text += "]"
        case .object:
            text += "{"
            for (index, member) in members(of: node).enumerated() {
                if index > 0 { text += "," }
                append(member.name, to: &text)
                text += ":"
                append(member.value, to: &text)
            }
            text += "}"
        }
    }
}
