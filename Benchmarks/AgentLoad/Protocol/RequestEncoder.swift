import Bytes
import JSON

/// Writes the requests of an agent.
struct RequestEncoder {
    /// Where requests go, as the request target and the `Host` field name it.
    struct Target: Hashable, Sendable {
        let host: String
        let path: String
    }

    let era: Era

    /// Everything that all requests begin with, up to the token.
    private let start: ByteBuffer

    /// The fields after the token that all requests have.
    private let fixedFields: ByteBuffer

    private var body = ByteBuffer()

    init(target: Target, era: Era) {
        self.era = era
        start = ByteBuffer(
            "POST \(target.path) HTTP/1.1\r\nHost: \(target.host)\r\nAuthorization: Bearer "
        )
        fixedFields = ByteBuffer(
            "\r\nAccept: application/json, text/event-stream\r\nContent-Type: application/json\r\n"
        )
    }

    /// What is to be written.
    enum Message {
        case initialize
        case initialized
        case call(method: String, tool: String?, arguments: (inout JSONWriter) -> Void)
    }

    /// Appends a whole request.
    mutating func encode(
        _ message: Message,
        id: Int,
        token: ByteBuffer,
        sessionID: String?,
        into buffer: inout ByteBuffer
    ) {
        writeBody(message, id: id)
        buffer.append(start)
        buffer.append(token)
        buffer.append(fixedFields)
        if case .initialize = message {
            // The version is agreed on by this very request.
        } else {
            buffer.append("MCP-Protocol-Version: \(era.protocolVersion)\r\n")
        }
        if era == .modern, case .call(let method, let tool, _) = message {
            buffer.append("Mcp-Method: ")
            buffer.append(method)
            if let tool {
                buffer.append("\r\nMcp-Name: ")
                buffer.append(tool)
            }
            buffer.append("\r\n")
        }
        if let sessionID {
            buffer.append("Mcp-Session-Id: ")
            buffer.append(sessionID)
            buffer.append("\r\n")
        }
        buffer.append("Content-Length: ")
        buffer.append(decimal: body.count)
        buffer.append("\r\n\r\n")
        buffer.append(body)
    }

    private mutating func writeBody(_ message: Message, id: Int) {
        body.bytes.removeAll(keepingCapacity: true)
        var writer = JSONWriter(body)
        body = ByteBuffer()
        writer.beginObject()
        writer.name("jsonrpc")
        writer.string("2.0")
        switch message {
        case .initialize:
            writer.name("id")
            writer.integer(id)
            writer.name("method")
            writer.string("initialize")
            writer.name("params")
            writer.beginObject()
            writer.name("protocolVersion")
            writer.string(era.protocolVersion)
            writer.name("capabilities")
            writer.beginObject()
            writer.endObject()
            Self.writeClient(to: &writer, name: "clientInfo")
            writer.endObject()
        case .initialized:
            writer.name("method")
            writer.string("notifications/initialized")
        case .call(let method, let tool, let arguments):
            writer.name("id")
            writer.integer(id)
            writer.name("method")
            writer.string(method)
            writer.name("params")
            writer.beginObject()
            if let tool {
                writer.name("name")
                writer.string(tool)
                writer.name("arguments")
                writer.beginObject()
                arguments(&writer)
                writer.endObject()
            }
            if era == .modern { writeMeta(to: &writer) }
            writer.endObject()
        }
        writer.endObject()
        body = writer.finish()
    }

    private func writeMeta(to writer: inout JSONWriter) {
        writer.name("_meta")
        writer.beginObject()
        writer.name("io.modelcontextprotocol/protocolVersion")
        writer.string(era.protocolVersion)
        Self.writeClient(to: &writer, name: "io.modelcontextprotocol/clientInfo")
        writer.name("io.modelcontextprotocol/clientCapabilities")
        writer.beginObject()
        writer.endObject()
        writer.endObject()
    }

    private static func writeClient(to writer: inout JSONWriter, name: String) {
        writer.name(name)
        writer.beginObject()
        writer.name("name")
        writer.string("agentload")
        writer.name("version")
        writer.string("1.0.0")
        writer.endObject()
    }
}
