import Bytes
import HTTPTransport
import JWT
import Libuv
import Martlet
import Synchronization
import TestSupport

/// An authorization server's key set on loopback, which rotates, hangs and fails on command.
///
/// | path | answer |
/// |---|---|
/// | `/keys` | the set |
/// | `/.well-known/oauth-authorization-server` | metadata that names the set, if there is any |
final class KeyServer: Sendable {
    enum Answer: Sendable {
        case keys([KeyMaterial])
        case text(String)
        case status(Int)
        /// None before ``KeyServer/release()``.
        case held
    }

    private struct State {
        var answer: Answer
        var metadata: String?
        var keySetPath = "/keys"
        var cacheControl: String?
        var held: [@Sendable () -> Void] = []
    }

    let address: SocketAddress

    /// The path of every request.
    let requests = Journal<String>()

    private let group: EventLoopGroup
    private let state: Mutex<State>

    init(_ answer: Answer, cacheControl: String? = nil) async throws {
        group = try EventLoopGroup(count: 1)
        state = Mutex(State(answer: answer, cacheControl: cacheControl))
        let sockets = try ListeningSocket.bind(
            to: .ipv4(host: "127.0.0.1", port: 0),
            count: 1
        )
        address = sockets[0].address
        let loop = group.loops[0]
        let http = HTTPServer(on: group.loops, limits: HTTPServerLimits()) { [self] _, _ in
            { KeyHandler(self, on: loop) }
        }
        try await http.listen(on: sockets) { print($0) }
    }

    var url: String { "http://\(address)/keys" }

    /// The issuer's name where it is discovered.
    var issuer: String { "http://\(address)" }

    /// How often the set was asked for.
    var fetchCount: Int { requests.count(of: "/keys") }

    func answer(_ answer: Answer) {
        state.withLock { $0.answer = answer }
    }

    /// Publishes metadata that names a path as the key set's.
    func publishMetadata(keySetPath: String = "/keys", issuer: String? = nil) {
        let metadata = """
            {"issuer":"\(issuer ?? self.issuer)","jwks_uri":"http://\(address)\(keySetPath)"}
            """
        state.withLock {
            $0.metadata = metadata
            $0.keySetPath = keySetPath
        }
    }

    /// Answers those who are held, with what the answer is by now.
    func release() {
        let held = state.withLock { state in
            let held = state.held
            state.held = []
            return held
        }
        for answer in held { answer() }
    }

    func stop() {
        group.stop()
    }

    /// The response to a request; `nil` if it is held until `later`.
    fileprivate func response(
        to path: String,
        later: @escaping @Sendable () -> Void
    ) -> (ResponseHead, ByteBuffer)? {
        state.withLock { state in
            switch path {
            case "/.well-known/oauth-authorization-server":
                guard let metadata = state.metadata else { return Self.empty(404) }
                return (ResponseHead(.ok), ByteBuffer(metadata))
            case state.keySetPath:
                return Self.response(&state, later)
            default:
                return Self.empty(404)
            }
        }
    }

    private static func response(
        _ state: inout State,
        _ later: @escaping @Sendable () -> Void
    ) -> (ResponseHead, ByteBuffer)? {
        var head = ResponseHead(.ok)
        if let value = state.cacheControl.flatMap({ FieldValue($0) }) {
            head.fields.append(.cacheControl, value)
        }
        switch state.answer {
        case .keys(let keys): return (head, JWKSet.encode(keys).bytes)
        case .text(let text): return (head, ByteBuffer(text))
        case .status(let code): return empty(code)
        case .held:
            state.held.append(later)
            return nil
        }
    }

    private static func empty(_ code: Int) -> (ResponseHead, ByteBuffer)? {
        HTTPStatus(rawValue: code).map { (ResponseHead($0), ByteBuffer()) }
    }
}

private final class KeyHandler: HTTPRequestHandler {
    private let server: KeyServer
    private let loop: EventLoop
    private var path = ""

    init(_ server: KeyServer, on loop: EventLoop) {
        self.server = server
        self.loop = loop
    }

    func receiveHead(
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>,
        on connection: HTTPConnection
    ) -> HTTPHeadDecision {
        path = String(validating: bytes.extracting(head.path)) ?? ""
        server.requests.note(path)
        return .readBody
    }

    func receiveBody(_ body: Span<UInt8>, on connection: HTTPConnection) {
        let answer = HeldAnswer(server, path, on: connection)
        loop.startTask(with: answer) { await $0.give() }
    }

    func didReachDeadline(on connection: HTTPConnection) {}

    var endsWithClient: Bool { true }

    func abandonExchange() {}
}

/// An answer that may have to wait.
private final class HeldAnswer {
    private let server: KeyServer
    private let path: String
    private let connection: HTTPConnection
    private let exchange: HTTPConnection.ExchangeID

    init(_ server: KeyServer, _ path: String, on connection: HTTPConnection) {
        self.server = server
        self.path = path
        self.connection = connection
        exchange = connection.currentExchange
    }

    func give() async {
        while true {
            let gate = Gate()
            if let (head, content) = server.response(to: path, later: { gate.open() }) {
                return connection.respond(head, content: content.span, to: exchange)
            }
            await gate.pass()
        }
    }
}
