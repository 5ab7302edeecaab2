import Foundation
import Libuv
import Synchronization

/// A server that answers as a test says, over real connections.
final class FakeServer: Sendable {
    /// A request, as far as a test may want to know it.
    struct Request: Sendable {
        /// How many came before it.
        let number: Int
        let id: Int
        let head: String
        let body: String

        func contains(_ text: String) -> Bool {
            head.contains(text) || body.contains(text)
        }
    }

    enum Reply: Sendable {
        case status(Int, fields: String = "", body: String = "")
        /// The right answer to whatever is asked.
        case right
        case close
        case silence
    }

    let address: SocketAddress
    private let group: EventLoopGroup
    private let requests = Mutex<[Request]>([])

    init(_ answer: @escaping @Sendable (Request) -> Reply) throws {
        SignalWatcher.ignoreBrokenPipes()
        group = try EventLoopGroup(count: 1)
        let any = SocketAddress.ipv4(host: "127.0.0.1", port: 0)
        let socket = try ListeningSocket.bind(to: any, count: 1)[0]
        address = socket.address
        let loop = group.loops[0]
        let isListening = Mailbox<Bool>(countMax: 1)
        LoopBound(Place(), on: loop).run { [self] place in
            defer { _ = isListening.send(true) }
            do {
                place.listener = try Listener(socket, on: loop, backlog: 64, didFail: { _ in }) {
                    let connection = FakeConnection($0) { [self] head, body in
                        reply(to: head, body, answer)
                    }
                    place.connections.append(connection)
                }
            } catch {
                preconditionFailure("cannot listen: \(error)")
            }
        }
        _ = isListening.receiveAll()
    }

    func stop() {
        group.stop()
    }

    /// All that came so far.
    var received: [Request] { requests.withLock { $0 } }

    private final class Place {
        var listener: Listener?
        var connections: [FakeConnection] = []
    }

    private func reply(
        to head: String,
        _ body: String,
        _ answer: (Request) -> Reply
    ) -> String? {
        let request = requests.withLock { requests in
            let id = body.firstMatch(of: /"id":(\d+)/).flatMap { Int($0.1) } ?? 0
            let request = Request(number: requests.count, id: id, head: head, body: body)
            requests.append(request)
            return request
        }
        switch answer(request) {
        case .close: return nil
        case .silence: return ""
        case .status(let status, let fields, let body):
            return
                "HTTP/1.1 \(status) X\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        case .right:
            let result = #"{"tools":[],"content":[],"structuredContent":{"id":\#(request.number)}}"#
            let body = #"{"jsonrpc":"2.0","id":\#(request.id),"result":\#(result)}"#
            return "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
    }
}

private final class FakeConnection: ByteStreamHandler {
    private let stream: ByteStream
    private let reply: (_ head: String, _ body: String) -> String?
    private var received = ""

    init(_ stream: ByteStream, _ reply: @escaping (_ head: String, _ body: String) -> String?) {
        self.stream = stream
        self.reply = reply
        stream.handler = self
        do { try stream.startReading() } catch { stream.close() }
    }

    func didRead(_ bytes: borrowing Span<UInt8>) {
        bytes.withUnsafeBufferPointer { received += String(decoding: $0, as: UTF8.self) }
        guard let end = received.range(of: "\r\n\r\n"),
            let length = received.firstMatch(of: /Content-Length: (\d+)/).flatMap({ Int($0.1) }),
            received[end.upperBound...].utf8.count >= length
        else { return }
        let head = String(received[..<end.lowerBound])
        let body = String(received[end.upperBound...])
        received = ""
        guard let text = reply(head, body) else { return stream.close() }
        do { try stream.write(text.utf8.span) } catch { stream.close() }
    }

    func didReachEnd() { stream.close() }
    func didDrain() {}
    func didFail(_ error: LibuvError) { stream.close() }
    func didClose() {}
}
