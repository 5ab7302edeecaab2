import ProtocolTestSupport

/// A request as it goes over the wire.
struct RequestText {
    let head: [UInt8]
    let body: [UInt8]

    /// How a body is sent.
    enum Framing {
        case whole
        case chunked(byteCount: Int)
        /// The client says that it would wait for a word of the server, and does not.
        case expecting
    }

    init(
        _ method: String,
        _ target: String,
        _ fields: [Message.Field],
        body: String? = nil,
        _ framing: Framing = .whole
    ) {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: localhost"]
        lines += fields.map { "\($0.name): \($0.value)" }
        let content = Array((body ?? "").utf8)
        switch framing {
        case .whole, .expecting:
            if body != nil { lines.append("Content-Length: \(content.count)") }
            if case .expecting = framing { lines.append("Expect: 100-continue") }
            self.body = content
        case .chunked(let byteCount):
            lines.append("Transfer-Encoding: chunked")
            self.body = Self.chunks(of: content, byteCount: byteCount)
        }
        head = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    /// A message to the endpoint.
    init(_ message: Message, token: String?, session: String? = nil, _ framing: Framing) {
        var fields = message.fields
        fields.append(.init(name: "Content-Type", value: "application/json"))
        fields.append(.init(name: "Accept", value: "application/json, text/event-stream"))
        if let token { fields.append(.init(name: "Authorization", value: "Bearer \(token)")) }
        if let session { fields.append(.init(name: "Mcp-Session-Id", value: session)) }
        self.init("POST", "/mcp", fields, body: message.body, framing)
    }

    private static func chunks(of content: [UInt8], byteCount: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: content.count, by: byteCount) {
            let chunk = content[start..<min(start + byteCount, content.count)]
            bytes += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [0x0D, 0x0A]
        }
        return bytes + Array("0\r\n\r\n".utf8)
    }
}
