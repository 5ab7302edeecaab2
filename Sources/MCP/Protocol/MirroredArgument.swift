internal import Bytes
internal import JSON

/// An argument of a tool that clients repeat in an `Mcp-Param-…` field (MCP 2026-07-28,
/// *Transports*, "Custom Headers from Tool Parameters").
struct MirroredArgument: Hashable, Sendable {
    /// The keyword that declares it in a tool's schema.
    static let keyword = "x-mcp-header"

    /// The argument's name.
    let name: String

    /// What follows `mcp-param-` in the field's name, in lower case.
    let fieldSuffix: String

    /// Those that a schema declares for its own properties.
    static func all(in schema: Span<UInt8>) -> [MirroredArgument] {
        do throws(JSONError) {
            return try read(schema)
        } catch {
            preconditionFailure("a tool's schema is JSON: \(error)")
        }
    }

    private static func read(_ schema: Span<UInt8>) throws(JSONError) -> [MirroredArgument] {
        var found: [MirroredArgument] = []
        var reader = JSONReader(schema)
        guard try reader.peek() == .object else { return [] }
        try reader.beginObject()
        while let keyword = try reader.nextMember() {
            guard reader.equals(keyword, "properties"), try reader.peek() == .object else {
                try reader.skipValue()
                continue
            }
            try reader.beginObject()
            while let property = try reader.nextMember() {
                let name = reader.text(of: property)
                if let field = try fieldName(&reader) {
                    found.append(MirroredArgument(name: name, fieldSuffix: field.lowercased()))
                }
            }
        }
        return found
    }

    /// The keyword's value in the schema of one property.
    private static func fieldName(_ reader: inout JSONReader) throws(JSONError) -> String? {
        guard try reader.peek() == .object else {
            try reader.skipValue()
            return nil
        }
        var name: String?
        try reader.beginObject()
        while let keyword = try reader.nextMember() {
            if reader.equals(keyword, Self.keyword), try reader.peek() == .string {
                let string = try reader.readString()
                name = reader.text(of: string)
            } else {
                try reader.skipValue()
            }
        }
        return name
    }

    /// Whether a field says the same as the body.
    ///
    /// Numbers are compared by value, everything else as text; an argument that is `null` or
    /// absent has no field.
    func agrees(_ field: MirroredFields.Field, with arguments: Arguments) -> RPCError.HeaderFault? {
        let fieldName = MirroredFields.paramPrefix + fieldSuffix
        guard let value = arguments.json(name), !value.span.equals("null") else {
            return field.count == 0 ? nil : .different(field: fieldName)
        }
        if field.count == 0 { return .missing(field: fieldName) }
        if field.count > 1 { return .repeated(field: fieldName) }
        guard let isSame = HeaderText.read(field.value.span, { Self.isSame($0, value) }) else {
            return .malformed(field: fieldName)
        }
        return isSame ? nil : .different(field: fieldName)
    }

    private static func isSame(_ text: Span<UInt8>, _ value: RawJSON) -> Bool {
        var reader = JSONReader(value.span)
        do throws(JSONError) {
            switch try reader.peek() {
            case .string:
                let string = try reader.readString()
                return reader.equals(string, text)
            case .number:
                let number = try reader.readNumber()
                var other = JSONReader(text)
                guard try other.peek() == .number else { return false }
                let otherNumber = try other.readNumber()
                try other.finish()
                if let integer = reader.integer(of: number) {
                    return other.integer(of: otherNumber) == integer
                }
                return reader.double(of: number) == other.double(of: otherNumber)
            default:
                return text.equals(value.span)
            }
        } catch {
            return false
        }
    }
}
