package import Bytes
internal import JSON

extension APIKeySet {
    /// The set as a file keeps it: a JSON object, one key a line, for people who compare versions.
    package func encode() -> ByteBuffer {
        var buffer = ByteBuffer("{\"keys\": [")
        for (index, record) in records.enumerated() {
            buffer.append(index == 0 ? "\n" : ",\n")
            buffer.append(Self.encode(record))
        }
        buffer.append(records.isEmpty ? "]}\n" : "\n]}\n")
        return buffer
    }

    private static func encode(_ record: APIKeyRecord) -> ByteBuffer {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name(of: .id)
        writer.string("\(record.id)")
        writer.name(of: .name)
        writer.string(record.holder.name)
        writer.name(of: .roles)
        write(record.holder.roles, to: &writer)
        if let permissions = record.holder.permissions {
            writer.name(of: .permissions)
            write(permissions, to: &writer)
        }
        writer.name(of: .workspace)
        writer.string(record.holder.workspace.name)
        writer.name(of: .created)
        writer.integer(Int(clamping: record.createdSeconds))
        if let expires = record.expiresSeconds {
            writer.name(of: .expires)
            writer.integer(Int(clamping: expires))
        }
        writer.name(of: .salt)
        write(bytes: record.hash.salt, to: &writer)
        writer.name(of: .hash)
        write(bytes: record.hash.digest, to: &writer)
        writer.endObject()
        return writer.finish()
    }

    private static func write(_ texts: [String], to writer: inout JSONWriter) {
        writer.beginArray()
        for text in texts { writer.string(text) }
        writer.endArray()
    }

    private static func write(bytes: [UInt8], to writer: inout JSONWriter) {
        var text = ByteBuffer()
        Base64URL.encode(bytes.span, into: &text)
        writer.string(escaping: text.span)
    }
}

extension JSONWriter {
    fileprivate mutating func name(of member: APIKeySetError.Member) {
        name(member.rawValue)
    }
}
