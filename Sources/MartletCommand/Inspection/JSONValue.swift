import Bytes
import JSON
import JWT

/// A small JSON document as a tree: what a person is shown, and what an authorization server says
/// of itself.
///
/// Members keep their order and numbers their spelling, so that what is printed is what was there.
package indirect enum JSONValue: Hashable, Sendable {
    case object([Member])
    case array([JSONValue])
    case string(String)
    /// As it is spelled.
    case number(String)
    case bool(Bool)
    case null

    package struct Member: Hashable, Sendable {
        package let name: String
        package let value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// - Throws: ``JSONError`` if the bytes are not one JSON value.
    package init(parsing bytes: [UInt8]) throws(JSONError) {
        var reader = JSONReader(bytes.span)
        self = try Self.read(&reader)
        try reader.finish()
    }

    /// The member of an object; of several with one name, the first.
    package subscript(name: String) -> JSONValue? {
        members.first { $0.name == name }?.value
    }

    package var members: [Member] {
        guard case .object(let members) = self else { return [] }
        return members
    }

    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The strings of an array of nothing else; `nil` for anything else.
    package var strings: [String]? {
        guard case .array(let elements) = self else { return nil }
        let strings = elements.compactMap(\.string)
        return strings.count == elements.count ? strings : nil
    }

    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// A whole number.
    package var integer: Int64? {
        guard case .number(let text) = self else { return nil }
        return Int64(text)
    }

    /// A number as a claim gives a time, a fraction dropped (RFC 7519 §2).
    package var date: NumericDate? {
        guard case .number(let text) = self else { return nil }
        if let seconds = Int64(text) { return NumericDate(seconds: seconds) }
        guard let seconds = Double(text), seconds.isFinite else { return nil }
        return NumericDate(roundingDown: seconds)
    }

    private static func read(_ reader: inout JSONReader) throws(JSONError) -> JSONValue {
        switch try reader.peek() {
        case .object:
            var members: [Member] = []
            try reader.beginObject()
            while let name = try reader.nextMember() {
                members.append(Member(reader.text(of: name), try read(&reader)))
            }
            return .object(members)
        case .array:
            var elements: [JSONValue] = []
            try reader.beginArray()
            while try reader.nextElement() { elements.append(try read(&reader)) }
            return .array(elements)
        case .string:
            return .string(reader.text(of: try reader.readString()))
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

extension JSONValue {
    /// The value in one line.
    package var compact: RawJSON {
        RawJSON { writer in write(into: &writer) }
    }

    /// The same as text.
    package var compactText: String { String(decoding: compact.bytes.bytes, as: UTF8.self) }

    package func write(into writer: inout JSONWriter) {
        switch self {
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.name(member.name)
                member.value.write(into: &writer)
            }
            writer.endObject()
        case .array(let elements):
            writer.beginArray()
            for element in elements { element.write(into: &writer) }
            writer.endArray()
        case .string(let text): writer.string(text)
        case .number(let text): writer.raw(Array(text.utf8).span)
        case .bool(let value): writer.bool(value)
        case .null: writer.null()
        }
    }
}
