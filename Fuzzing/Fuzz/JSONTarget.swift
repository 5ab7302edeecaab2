import Bytes
import JSON

extension Target {
    /// A text that is skipped as a whole is one that can be read value by value, and what is read,
    /// written again, is the same to a second reading.
    static let json = Target(name: "json") { input in
        let isSkipped = skips(input)
        let written = rewrite(input)
        precondition(isSkipped == (written != nil), "skipping and reading disagree")
        guard let written else { return }
        guard let again = rewrite(written.bytes) else {
            preconditionFailure("what was written cannot be read")
        }
        precondition(again == written, "reading what was written changes it")
    }

    private static func skips(_ input: [UInt8]) -> Bool {
        var reader = JSONReader(input.span)
        do throws(JSONError) {
            _ = try reader.skipValue()
            try reader.finish()
            return true
        } catch {
            return false
        }
    }

    /// - Returns: `nil` if the text is no JSON.
    private static func rewrite(_ input: [UInt8]) -> ByteBuffer? {
        var reader = JSONReader(input.span)
        var writer = JSONWriter()
        do throws(JSONError) {
            try copy(&reader, to: &writer)
            try reader.finish()
            return writer.finish()
        } catch {
            return nil
        }
    }

    private static func copy(
        _ reader: inout JSONReader,
        to writer: inout JSONWriter
    ) throws(JSONError) {
        switch try reader.peek() {
        case .object:
            try reader.beginObject()
            writer.beginObject()
            while let name = try reader.nextMember() {
                writer.name(reader.text(of: name))
                try copy(&reader, to: &writer)
            }
            writer.endObject()
        case .array:
            try reader.beginArray()
            writer.beginArray()
            while try reader.nextElement() { try copy(&reader, to: &writer) }
            writer.endArray()
        case .string:
            let string = try reader.readString()
            writer.string(reader.text(of: string))
        case .number:
            let number = try reader.readNumber()
            _ = reader.double(of: number)
            if let integer = reader.integer(of: number) {
                writer.integer(integer)
            } else {
                let bytes = ByteBuffer(copying: reader.bytes(in: number.range))
                writer.raw(bytes.span)
            }
        case .true, .false:
            writer.bool(try reader.readBool())
        case .null:
            try reader.readNull()
            writer.null()
        }
    }
}
