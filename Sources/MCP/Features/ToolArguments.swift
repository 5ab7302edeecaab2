public import JSON

/// The arguments of a call that satisfied its tool's schema.
///
/// A member is looked up where it stands in the JSON, so reading few of many costs little, and
/// one that is absent or of another type reads as `nil`: the schema has already refused what must
/// not be.
public struct ToolArguments: Hashable, Sendable {
    /// The arguments as the client wrote them: an object.
    public let json: RawJSON

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
