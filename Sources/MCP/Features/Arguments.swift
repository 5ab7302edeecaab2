internal import Bytes
public import JSON

/// The members of an object that satisfied its schema: the arguments of a tool or a prompt, or what
/// a person filled into a form.
///
/// A member is looked up where it stands in the JSON, so reading few of many costs little, and
/// one that is absent or of another type reads as `nil`: the schema has already refused what must
/// not be.
public struct Arguments: Hashable, Sendable {
    /// The object as the client wrote it.
    public let json: RawJSON

    static let none = Arguments(json: RawJSON(unchecked: ByteBuffer("{}")))

    init(json: RawJSON) {
        self.json = json
    }

    public func string(_ name: String) -> String? {
        read(name) { reader throws(JSONError) in
            try reader.peek() == .string ? reader.text(of: try reader.readString()) : nil
        }
    }

    public func integer(_ name: String) -> Int? {
        read(name) { reader throws(JSONError) in
            try reader.peek() == .number ? reader.integer(of: try reader.readNumber()) : nil
        }
    }

    public func double(_ name: String) -> Double? {
        read(name) { reader throws(JSONError) in
            try reader.peek() == .number ? reader.double(of: try reader.readNumber()) : nil
        }
    }

    public func bool(_ name: String) -> Bool? {
        read(name) { reader throws(JSONError) in
            switch try reader.peek() {
            case .true, .false: try reader.readBool()
            default: nil
            }
        }
    }

    /// A list of strings, and of nothing else.
    public func strings(_ name: String) -> [String]? {
        read(name) { reader throws(JSONError) in
            guard try reader.peek() == .array else { return nil }
            var strings: [String] = []
            try reader.beginArray()
            while try reader.nextElement() {
                guard try reader.peek() == .string else { return nil }
                let string = try reader.readString()
                strings.append(reader.text(of: string))
            }
            return strings
        }
    }

    /// Any member as JSON.
    public func json(_ name: String) -> RawJSON? {
        read(name) { reader throws(JSONError) in
            let range = try reader.skipValue()
            return RawJSON(unchecked: ByteBuffer(copying: reader.bytes(in: range)))
        }
    }

    private func read<Value>(
        _ name: String,
        _ value: (inout JSONReader) throws(JSONError) -> Value?
    ) -> Value? {
        var reader = JSONReader(json.span)
        do throws(JSONError) {
            try reader.beginObject()
            while let member = try reader.nextMember() {
                if reader.equals(member, name) { return try value(&reader) }
                _ = try reader.skipValue()
            }
            return nil
        } catch {
            preconditionFailure("arguments were validated before: \(error)")
        }
    }
}
