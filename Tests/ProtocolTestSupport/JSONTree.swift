import JSON

/// A whole JSON text as a tree: what tests look into and the server never makes.
public enum JSONTree: Hashable, Sendable {
    case object([String: JSONTree])
    case array([JSONTree])
    case string(String)
    /// As it is written.
    case number(String)
    case bool(Bool)
    case null

    public init(_ text: String) throws {
        let bytes = Array(text.utf8)
        var reader = JSONReader(bytes.span)
        self = try Self.read(&reader)
        try reader.finish()
    }

    /// A member of an object; `nil` without it.
    public subscript(_ name: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// An element of an array; `nil` beyond its end.
    public subscript(_ index: Int) -> JSONTree? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    public var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    public var integer: Int? {
        if case .number(let text) = self { return Int(text) }
        return nil
    }

    public var bool: Bool? {
        if case .bool(let value) = self { return value }
        return nil
    }

    public var elements: [JSONTree] {
        if case .array(let elements) = self { return elements }
        return []
    }

    /// The names of an object's members.
    public var names: Set<String> {
        if case .object(let members) = self { return Set(members.keys) }
        return []
    }

    private static func read(_ reader: inout JSONReader) throws(JSONError) -> JSONTree {
        switch try reader.peek() {
        case .object:
            var members: [String: JSONTree] = [:]
            try reader.beginObject()
            while let name = try reader.nextMember() {
                members[reader.text(of: name)] = try read(&reader)
            }
            return .object(members)
        case .array:
            var elements: [JSONTree] = []
            try reader.beginArray()
            while try reader.nextElement() { elements.append(try read(&reader)) }
            return .array(elements)
        case .string:
            let string = try reader.readString()
            return .string(reader.text(of: string))
        case .number:
            let number = try reader.readNumber()
            return .number(
                reader.text(of: JSONString(range: number.range, hasEscapes: false))
            )
        case .true, .false:
            return .bool(try reader.readBool())
        case .null:
            try reader.readNull()
            return .null
        }
    }
}
