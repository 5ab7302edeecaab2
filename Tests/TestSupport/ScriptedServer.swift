public import Libuv

/// An HTTP server that answers as a test says, soundly or not.
public actor ScriptedServer {
    /// A request, complete.
    public struct Request: Hashable, Sendable {
        public let method: String
        public let target: String

        /// The field lines as they came.
        public let fields: [String]
        public let content: String

        /// The value of a field; `nil` if there is none.
        public subscript(name: String) -> String? {
            let prefix = name.lowercased() + ":"
            return fields.first { $0.lowercased().hasPrefix(prefix) }.map { line in
                String(line.dropFirst(prefix.count).drop { $0 == " " })
            }
        }
    }

    /// What is sent for a request, as it goes over the wire.
    public struct Reply: Sendable {
        public enum Ending: Sendable {
            case stayOpen, finishWriting
        }

        public var wire: [UInt8]
        public var ending: Ending

        public init(wire: [UInt8], then ending: Ending = .stayOpen) {
            self.wire = wire
            self.ending = ending
        }

        public init(wire: String, then ending: Ending = .stayOpen) {
            self.init(wire: Array(wire.utf8), then: ending)
        }

        /// A sound response with a body.
        public init(_ status: Int = 200, _ body: String = "", fields: [String] = []) {
            let lines = ["HTTP/1.1 \(status) Text", "Content-Length: \(body.utf8.count)"] + fields
            self.init(wire: lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        }

        /// Nothing, for as long as the client waits.
        public static let silence = Reply(wire: "")
    }

    public nonisolated let address: SocketAddress

    /// The targets that were asked for.
    public nonisolated let journal = Journal<String>()

    private let loop: EventLoop
    private let socket: ListeningSocket
    private let script: @Sendable (Request) -> Reply
    private var listener: Listener?
    private var streams: [ObjectIdentifier: ByteStream] = [:]
    private var received: [ObjectIdentifier: [UInt8]] = [:]

    public private(set) var requests: [Request] = []

    /// Connections so far.
    public private(set) var connectionCount = 0

    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    /// - Parameters:
    ///   - loop: Where the server lives.
    ///   - script: What is answered to a request.
    /// - Throws: ``LibuvError`` without a free port.
    public init(
        on loop: EventLoop,
        _ script: @escaping @Sendable (Request) -> Reply
    ) throws(LibuvError) {
        let anyPort = SocketAddress.ipv4(host: "127.0.0.1", port: 0)
        socket = try ListeningSocket.bind(to: anyPort, count: 1)[0]
        address = socket.address
        self.loop = loop
        self.script = script
    }

    /// Where the server is, without a slash at the end.
    public nonisolated var url: String { "http://\(address)" }

    public nonisolated var port: UInt16 { address.port ?? 0 }

    /// Connections that are open now.
    public var openConnectionCount: Int { streams.count }

    public func listen() throws {
        SignalWatcher.ignoreBrokenPipes()
        listener = try Listener(socket, on: loop, backlog: 512, didFail: { _ in }) { stream in
            // Safe: the listener calls on the thread of its loop, which is the actor's.
            let sent = unsafe Sent(stream)
            self.assumeIsolated { unsafe $0.accept(sent) }
        }
    }

    public func stop() {
        listener?.close()
        // The listener holds on to the server, and the server to it.
        listener = nil
        for stream in streams.values { stream.close() }
    }

    private func accept(_ sent: Sent<ByteStream>) {
        let stream = unsafe sent.value
        let id = ObjectIdentifier(stream)
        connectionCount += 1
        streams[id] = stream
        stream.handler = ScriptedHandler(
            didRead: { bytes in self.assumeIsolated { $0.didRead(bytes, on: id) } },
            mustClose: { self.assumeIsolated { $0.streams[id]?.close() } },
            didClose: { self.assumeIsolated { $0.forget(id) } }
        )
        do {
            try stream.startReading()
        } catch {
            stream.close()
        }
    }

    private func forget(_ id: ObjectIdentifier) {
        streams[id] = nil
        received[id] = nil
    }

    private func didRead(_ bytes: [UInt8], on id: ObjectIdentifier) {
        received[id, default: []] += bytes
        while let request = takeRequest(of: id) {
            requests.append(request)
            journal.note(request.target)
            let reply = script(request)
            do {
                try streams[id]?.write(reply.wire.span)
            } catch {
                streams[id]?.close()
            }
            if reply.ending == .finishWriting { streams[id]?.finishWriting() }
        }
    }

    private func takeRequest(of id: ObjectIdentifier) -> Request? {
        let text = String(decoding: received[id, default: []], as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n").map(String.init)
        let words = lines[0].split(separator: " ").map(String.init)
        let head = Request(
            method: words[0],
            target: words.count > 1 ? words[1] : "",
            fields: Array(lines.dropFirst()),
            content: ""
        )
        let byteCount = head["Content-Length"].flatMap { Int($0) } ?? 0
        let content = text[end.upperBound...].utf8.prefix(byteCount)
        guard content.count == byteCount else { return nil }
        let headByteCount = text[..<end.upperBound].utf8.count
        received[id, default: []].removeFirst(headByteCount + byteCount)
        return Request(
            method: head.method,
            target: head.target,
            fields: head.fields,
            content: String(decoding: content, as: UTF8.self)
        )
    }
}

/// A value that goes from one place to another on the same thread.
@unsafe
private struct Sent<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) {
        unsafe self.value = value
    }
}

private final class ScriptedHandler: ByteStreamHandler {
    private let read: ([UInt8]) -> Void
    private let mustClose: () -> Void
    private let closed: () -> Void

    init(
        didRead: @escaping ([UInt8]) -> Void,
        mustClose: @escaping () -> Void,
        didClose: @escaping () -> Void
    ) {
        read = didRead
        self.mustClose = mustClose
        closed = didClose
    }

    func didRead(_ bytes: borrowing Span<UInt8>) {
        read(unsafe bytes.withUnsafeBytes { unsafe Array($0) })
    }

    func didReachEnd() { mustClose() }
    func didDrain() {}
    func didFail(_ error: LibuvError) { mustClose() }
    func didClose() { closed() }
}
