import Libuv
import ProtocolTestSupport
import TestSupport

/// An HTTP request as it goes over the wire.
struct Request: Sendable {
    var method = "POST"
    var target = "/mcp"
    var version = "HTTP/1.1"
    var host: String? = "localhost"
    var fields: [Message.Field] = []
    var body: String?

    /// A message to the endpoint.
    static func message(_ message: Message, token: String?) -> Request {
        var fields = message.fields
        fields.append(.init(name: "Content-Type", value: "application/json"))
        fields.append(.init(name: "Accept", value: "application/json, text/event-stream"))
        if let token { fields.append(.init(name: "Authorization", value: "Bearer \(token)")) }
        return Request(fields: fields, body: message.body)
    }

    static func get(_ target: String) -> Request {
        Request(method: "GET", target: target)
    }

    static func preflight(
        _ target: String = "/mcp",
        from origin: String,
        fields: String? = nil
    ) -> Request {
        var request = Request(method: "OPTIONS", target: target)
            .adding("Origin", origin)
            .adding("Access-Control-Request-Method", "POST")
        if let fields { request = request.adding("Access-Control-Request-Headers", fields) }
        return request
    }

    func adding(_ name: String, _ value: String) -> Request {
        var request = self
        request.fields.append(.init(name: name, value: value))
        return request
    }

    func without(_ name: String) -> Request {
        var request = self
        request.fields.removeAll { $0.name == name }
        return request
    }

    func having(_ name: String, _ value: String) -> Request {
        without(name).adding(name, value)
    }

    func with(_ change: (inout Request) -> Void) -> Request {
        var request = self
        change(&request)
        return request
    }

    var text: String {
        var lines = ["\(method) \(target) \(version)"]
        if let host { lines.append("Host: \(host)") }
        lines += fields.map { "\($0.name): \($0.value)" }
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
    }
}

/// An HTTP response, its values spelled as they came.
struct Response {
    let status: Int
    let fields: [Message.Field]
    let text: String

    /// The value of the only field of this name.
    subscript(name: String) -> String? {
        let values = fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        return values.count == 1 ? values[0] : nil
    }

    var json: JSONTree? { try? JSONTree(text) }
    var result: JSONTree? { json?["result"] }
    var errorCode: Int? { json?["error"]?["code"]?.integer }

    /// The text of a tool's result.
    var toolText: String? { result?["content"]?[0]?["text"]?.string }
}

/// One connection to the server.
final class Client {
    struct Disconnected: Error {}

    let socket: RawClient
    private var received: [UInt8] = []

    /// What the chunks of a stream held that is no whole event yet.
    private var unread: [UInt8] = []

    init(to address: SocketAddress) throws {
        socket = try RawClient(to: address)
    }

    func exchange(_ request: Request) throws -> Response {
        try send(request)
        return try receive(isHead: request.method == "HEAD")
    }

    func send(_ request: Request) throws {
        try socket.send(request.text)
    }

    func receive(isHead: Bool = false) throws -> Response {
        var end = endOfHead
        while end == nil {
            try fill()
            end = endOfHead
        }
        let head = String(decoding: received[..<(end ?? 0)], as: UTF8.self)
        received.removeFirst(end ?? 0)
        var lines = head.split(separator: "\r\n").map(String.init)
        let statusLine = lines.removeFirst().split(separator: " ")
        let fields = lines.map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return Message.Field(
                name: String(parts[0]),
                value: parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
            )
        }
        let length = fields.first { $0.name.lowercased() == "content-length" }
        let count = isHead ? 0 : length.flatMap { Int($0.value) } ?? 0
        while received.count < count { try fill() }
        let text = String(decoding: received[..<count], as: UTF8.self)
        received.removeFirst(count)
        return Response(status: Int(statusLine[1]) ?? 0, fields: fields, text: text)
    }

    /// The next event of a stream in chunks; comments are left out.
    ///
    /// - Returns: `nil` at the end of the stream.
    func receiveEvent() throws -> StreamEvent? {
        while true {
            while let event = takeEvent() {
                if let event = StreamEvent(event) { return event }
            }
            guard let chunk = try receiveChunk() else { return nil }
            unread += chunk
        }
    }

    private func takeEvent() -> String? {
        let mark = Array("\n\n".utf8)
        guard unread.count >= 2 else { return nil }
        for index in 0...(unread.count - 2) where unread[index..<(index + 2)].elementsEqual(mark) {
            let text = String(decoding: unread[..<index], as: UTF8.self)
            unread.removeFirst(index + 2)
            return text
        }
        return nil
    }

    private func receiveChunk() throws -> [UInt8]? {
        var end = received.firstIndex(of: 0x0A)
        while end == nil {
            try fill()
            end = received.firstIndex(of: 0x0A)
        }
        let line = String(decoding: received[..<(end ?? 0)], as: UTF8.self)
        let count = Int(line.prefix { $0 != "\r" && $0 != "\r\n" }, radix: 16) ?? 0
        received.removeFirst((end ?? 0) + 1)
        while received.count < count + 2 { try fill() }
        let chunk = Array(received[..<count])
        received.removeFirst(count + 2)
        return count == 0 ? nil : chunk
    }

    /// Whether the server ends the connection without another byte.
    func isClosedByServer() throws -> Bool {
        try received.isEmpty && socket.receive().isEmpty
    }

    private var endOfHead: Int? {
        let mark = Array("\r\n\r\n".utf8)
        guard received.count >= mark.count else { return nil }
        for index in 0...(received.count - mark.count)
        where received[index..<(index + mark.count)].elementsEqual(mark) {
            return index + mark.count
        }
        return nil
    }

    private func fill() throws {
        let bytes = try socket.receive()
        guard !bytes.isEmpty else { throw Disconnected() }
        received += bytes
    }
}

/// One event of a stream.
struct StreamEvent {
    let id: String?
    let retry: String?
    let data: String

    /// - Returns: `nil` for a comment.
    init?(_ text: String) {
        var id: String?
        var retry: String?
        var data: [Substring] = []
        var hasField = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false)
        where !line.hasPrefix(":") {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
            switch parts.first {
            case "id": id = String(value)
            case "retry": retry = String(value)
            case "data": data.append(value)
            default: continue
            }
            hasField = true
        }
        guard hasField else { return nil }
        self.id = id
        self.retry = retry
        self.data = data.joined(separator: "\n")
    }

    var json: JSONTree? { try? JSONTree(data) }
    var method: String? { json?["method"]?.string }
}
