import Bytes
import HTTP1
import HTTPTransport
import Libuv
import Synchronization
import TestSupport

/// What the handlers of a test's server have seen, and when they go on.
final class Script: Sendable {
    enum Event: Hashable, Sendable {
        case head, body, deadline, abandoned
        /// An answer was given, whether or not anybody wanted it still.
        case answered
        /// What was put off has been decided, whether or not anybody wanted it still.
        case decided
        /// A stream was begun, or was not wanted any more.
        case begun, unwanted
        case silent, congested, drained, serverDrains
    }

    let journal = Journal<Event>()
    let gate = Gate()

    /// How many handlers were made.
    let handlerCount = Atomic(0)

    /// What waits to be sent on a stream, where it says so, and the most that ever did.
    let queuedByteCount = Atomic(0)
    let queuedByteCountMax = Atomic(0)

    /// Ticks of a clock like the server's own, and at which of them a stream was found silent.
    let tickCount = Atomic(0)
    private let silences = Mutex<[Int]>([])

    var tick: Int { tickCount.load(ordering: .relaxed) }
    var ticksOfSilences: [Int] { silences.withLock { $0 } }

    private let tickers = Mutex<[LoopBound<Ticker>]>([])
    private let queues = Mutex<[LoopBound<SendQueues>]>([])

    /// What each loop counts of its connections.
    var sendQueues: [LoopBound<SendQueues>] { queues.withLock { $0 } }

    func keep(_ sendQueues: LoopBound<SendQueues>) {
        queues.withLock { $0.append(sendQueues) }
    }

    func keep(_ ticker: LoopBound<Ticker>) {
        tickers.withLock { $0.append(ticker) }
    }

    func closeTickers() {
        let kept = tickers.withLock { tickers in
            defer { tickers = [] }
            return tickers
        }
        for ticker in kept { ticker.runLater { $0.close() } }
    }

    fileprivate func noteSilence() {
        silences.withLock { $0.append(tick) }
        journal.note(.silent)
    }
}

/// Answers as the path of the request asks.
///
/// | path | answer |
/// |---|---|
/// | `/echo` | at once |
/// | `/later` | from a task, after it has been suspended a few times |
/// | `/gate` | once the script's gate is open; an overdue answer is 504 |
/// | `/never` | none, not even when it is overdue |
/// | `/peer` | at once, whose connection it is |
/// | `/size` | the number of bytes of the body, from a task |
/// | `/last` | at once, and the connection closes |
/// | `/linger` | at once; the handler stays with the connection until the gate opens |
/// | `/large` | `largeByteCount` bytes |
/// | `/refuse` | 403, before the body |
/// | `/decide` | at once, its body wanted once the gate is open; an overdue decision is 503 |
/// | `/decline` | 403, before the body and once the gate is open |
/// | `/undecided` | none, not even when the decision is overdue |
/// | `/stream/…` | what ``ScriptedStream`` makes of the rest |
/// | `/early/…` | the same, before the body |
/// | `/overdue-stream` | `/stream/begin` when it is overdue |
/// | `/put-off/…` | the same, before the body and in a later turn |
final class EchoHandler: HTTPRequestHandler {
    static let largeByteCount = 20_000_000
    private static let large = [UInt8](repeating: 0x78, count: largeByteCount)

    private let loop: EventLoop
    private let script: Script
    private var method = ""
    private var path = ""
    private var stream: ScriptedStream?
    private var isLingering = false

    init(on loop: EventLoop, _ script: Script) {
        self.loop = loop
        self.script = script
        script.handlerCount.add(1, ordering: .relaxed)
    }

    func forgetConnection() -> Bool {
        guard !isLingering else { return false }
        method = ""
        path = ""
        stream = nil
        return true
    }

    /// Stays with its connection until the gate opens.
    private func linger() async {
        await script.gate.pass()
        isLingering = false
    }

    func receiveHead(
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>,
        on connection: HTTPConnection
    ) -> HTTPHeadDecision {
        script.journal.note(.head)
        method = String(validating: bytes.extracting(head.methodRange)) ?? "?"
        path = String(validating: bytes.extracting(head.path)) ?? "?"
        stream = nil
        if path.hasPrefix("/early/") || path.hasPrefix("/put-off/") {
            beginStream(on: connection)
            return path.hasPrefix("/early/") ? .responded : .wait
        }
        switch path {
        case "/refuse":
            respond(.forbidden, "refused", on: connection, to: connection.currentExchange)
            return .responded
        case "/decide", "/decline":
            let decision = Decision(isRefusal: path == "/decline", on: connection, script)
            loop.startTask(with: decision) { await $0.makeWhenGateOpens() }
            return .wait
        case "/undecided":
            return .wait
        default:
            return .readBody
        }
    }

    func receiveBody(_ body: Span<UInt8>, on connection: HTTPConnection) {
        script.journal.note(.body)
        if path.hasPrefix("/stream/") { return beginStream(on: connection) }
        let exchange = connection.currentExchange
        let text = "\(method) \(path) \(String(validating: body) ?? "?")"
        switch path {
        case "/never", "/overdue-stream":
            return
        case "/peer":
            respond(
                .ok,
                connection.peer?.description ?? "unix",
                on: connection,
                to: exchange
            )
        case "/large":
            connection.respond(ResponseHead(.ok), content: Self.large.span, to: exchange)
        case "/gate":
            let answer = Answer(text, on: connection, to: exchange, script)
            loop.startTask(with: answer) { await $0.giveWhenGateOpens() }
        case "/size":
            let answer = Answer("\(body.count)", on: connection, to: exchange, script)
            loop.startTask(with: answer) { await $0.giveLater() }
        case "/later":
            let answer = Answer(text, on: connection, to: exchange, script)
            loop.startTask(with: answer) { await $0.giveLater() }
        default:
            if path == "/last" { connection.closeAfterResponse() }
            if path == "/linger" {
                isLingering = true
                loop.startTask(with: self) { await $0.linger() }
            }
            respond(.ok, text, on: connection, to: exchange)
        }
    }

    func didReachDeadline(on connection: HTTPConnection) {
        script.journal.note(.deadline)
        let exchange = connection.currentExchange
        switch path {
        case "/gate": respond(.gatewayTimeout, "overdue", on: connection, to: exchange)
        case "/overdue-stream":
            path = "/stream/begin"
            beginStream(on: connection)
        case "/decide": respond(.serviceUnavailable, "undecided", on: connection, to: exchange)
        default: return
        }
    }

    var endsWithClient: Bool { stream?.endsWithClient ?? false }

    func abandonExchange() {
        script.journal.note(.abandoned)
        stream?.abandon()
    }

    private func beginStream(on connection: HTTPConnection) {
        let stream = ScriptedStream(path, on: connection, loop, script)
        self.stream = stream
        stream.goOn()
    }

    func streamIsSilent(on connection: HTTPConnection) {
        script.noteSilence()
        stream?.staysSilent()
    }

    func didDrainStream(on connection: HTTPConnection) {
        script.journal.note(.drained)
        stream?.didDrain()
    }

    func serverDrains(on connection: HTTPConnection) {
        script.journal.note(.serverDrains)
        stream?.serverDrains()
    }

    private func respond(
        _ status: HTTPStatus,
        _ text: String,
        on connection: HTTPConnection,
        to exchange: HTTPConnection.ExchangeID
    ) {
        connection.respond(ResponseHead(status), content: ByteBuffer(text).span, to: exchange)
    }
}

/// An answer and whom it is for.
private final class Answer {
    private let text: String
    private let connection: HTTPConnection
    private let exchange: HTTPConnection.ExchangeID
    private let script: Script

    init(
        _ text: String,
        on connection: HTTPConnection,
        to exchange: HTTPConnection.ExchangeID,
        _ script: Script
    ) {
        self.text = text
        self.connection = connection
        self.exchange = exchange
        self.script = script
    }

    func giveWhenGateOpens() async {
        await script.gate.pass()
        give()
    }

    func giveLater() async {
        for _ in 1...3 { await Task.yield() }
        give()
    }

    private func give() {
        connection.respond(ResponseHead(.ok), content: ByteBuffer(text).span, to: exchange)
        script.journal.note(.answered)
    }
}

/// What is wanted of a request, told later than its head came.
private final class Decision {
    private let isRefusal: Bool
    private let connection: HTTPConnection
    private let exchange: HTTPConnection.ExchangeID
    private let script: Script

    init(isRefusal: Bool, on connection: HTTPConnection, _ script: Script) {
        self.isRefusal = isRefusal
        self.connection = connection
        exchange = connection.currentExchange
        self.script = script
    }

    func makeWhenGateOpens() async {
        // Not within the call that puts the decision off, even if the gate is open.
        await Task.yield()
        await script.gate.pass()
        if isRefusal {
            let content = ByteBuffer("refused")
            connection.respond(ResponseHead(.forbidden), content: content.span, to: exchange)
        } else {
            connection.readBody(of: exchange)
        }
        script.journal.note(.decided)
    }
}
