public import Libuv

/// A response as it came over the wire.
public struct WireResponse: Hashable, Sendable {
    public let status: Int

    /// The field lines in lower case, without those that vary with the time.
    public let fields: [String]
    public let content: [UInt8]

    /// The content as text.
    public var text: String { String(decoding: content, as: UTF8.self) }

    /// The value of a field.
    public subscript(name: String) -> String? {
        fields.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }
}

/// Reads responses from a socket, one after the other.
public final class HTTPTestClient {
    /// What came was not a response.
    public struct NoResponse: Error, CustomStringConvertible {
        public let received: String
        public var description: String { "no response, but \"\(received)\"" }
    }

    /// The socket, for what is not a well-behaved client.
    public let socket: RawClient
    private var received: [UInt8] = []

    public init(to address: SocketAddress, bufferByteCount: CInt? = nil) throws {
        socket = try RawClient(to: address, bufferByteCount: bufferByteCount)
    }

    public func send(_ text: String) throws {
        try socket.send(text)
    }

    public func send(_ bytes: [UInt8]) throws {
        try socket.send(bytes)
    }

    /// Sends a request and waits for its response.
    public func exchange(_ request: String) throws -> WireResponse {
        try send(request)
        return try receiveResponse(isAnsweringHEAD: request.hasPrefix("HEAD "))
    }

    /// The next response; an interim one counts as well.
    public func receiveResponse(isAnsweringHEAD: Bool = false) throws -> WireResponse {
        let end = try receiveHead()
        let lines = String(decoding: received[..<end], as: UTF8.self).split(separator: "\r\n")
        let statusLine = lines[0].split(separator: " ")
        guard statusLine.count >= 2, statusLine[0] == "HTTP/1.1", let status = Int(statusLine[1])
        else { throw failure }
        let fields = lines.dropFirst().map { $0.lowercased() }.filter { !$0.hasPrefix("date: ") }
        let length = fields.first { $0.hasPrefix("content-length: ") }.flatMap {
            Int($0.dropFirst(16))
        }
        let count = isAnsweringHEAD ? 0 : length ?? 0
        received.removeFirst(end)
        try receive(atLeast: count)
        let content = Array(received.prefix(count))
        received.removeFirst(count)
        return WireResponse(status: status, fields: Array(fields), content: content)
    }

    /// The next bytes, as text: no fewer.
    public func receiveText(byteCount: Int) throws -> String {
        try receive(atLeast: byteCount)
        defer { received.removeFirst(byteCount) }
        return String(decoding: received.prefix(byteCount), as: UTF8.self)
    }

    /// What comes before the server closes; empty if it closes after the last response.
    public func receiveRest() throws -> [UInt8] {
        let rest = received + (try socket.receiveAll())
        received = []
        return rest
    }

    /// Receives up to the empty line that ends a head.
    private func receiveHead() throws -> Int {
        var searchedCount = 0
        while true {
            let start = max(0, searchedCount - 3)
            let tail = received[start...]
            for index in tail.indices where tail[index...].starts(with: "\r\n\r\n".utf8) {
                return index + 4
            }
            searchedCount = received.count
            try receive(atLeast: received.count + 1)
        }
    }

    private func receive(atLeast count: Int) throws {
        while received.count < count {
            let bytes = try socket.receive()
            guard !bytes.isEmpty else { throw failure }
            received += bytes
        }
    }

    private var failure: NoResponse {
        NoResponse(received: String(decoding: received.prefix(200), as: UTF8.self))
    }
}
