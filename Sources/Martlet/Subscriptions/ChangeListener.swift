internal import AccessControl
internal import Bytes
internal import MCP

/// A stream of messages to a client that is told of changes.
///
/// What is sent after it has ended, or its client has gone, goes nowhere.
protocol ChangeOutlet: AnyObject {
    /// Whether the client is behind with reading: what can be left out is.
    var isCongested: Bool { get }

    /// Told once, when the client is gone before the stream was ended.
    var didLoseClient: () -> Void { get set }

    /// Told when the client has read all that was sent.
    var didDrain: () -> Void { get set }

    /// Told when the server begins to stop.
    var serverStops: () -> Void { get set }

    func send(_ message: Span<UInt8>)
    func end()

    /// Ends the connection; a stream to which its client can come back goes on.
    func interrupt()
}

extension ChangeOutlet {
    func interrupt() { end() }
}

/// A stream on which a client hears of changes: a `subscriptions/listen` of the modern era, or the
/// GET stream of a legacy session.
///
/// Not `Sendable`: belongs to the loop of its connection.
final class ChangeListener {
    enum Audience {
        case subscription(ListenRequest)
        case session(LegacySession)
    }

    /// Something to tell.
    enum News {
        case change(ServerChange)
        case task(TaskRecord)
    }

    /// Its place among the GET streams of its session; `nil` for a subscription, and for a stream
    /// that waits for what is left of an earlier one.
    var streamNumber: Int?

    /// Whether it counts among the open streams of its subject.
    var isCounted = true

    let audience: Audience
    let principal: Principal
    let outlet: any ChangeOutlet

    /// What has changed and was not told: kept while the client is behind with reading.
    private var untold: [ServerChange] = []

    init(_ audience: Audience, _ principal: Principal, _ outlet: any ChangeOutlet) {
        self.audience = audience
        self.principal = principal
        self.outlet = outlet
    }

    /// Remembers a change; each once, so that a client which does not read costs no more than its
    /// filter is long.
    func note(_ change: ServerChange) {
        if !untold.contains(change) { untold.append(change) }
    }

    /// Lets go of what was noted: another stream tells it.
    func forget() {
        untold = []
    }

    /// What was noted, for another stream to tell.
    func takeUntold() -> [ServerChange] {
        defer { untold = [] }
        return untold
    }

    /// Tells what has changed, as far as the client reads and may know.
    ///
    /// `news` is what there is to tell of a change, or `nil` if the caller may not know.
    func tell(_ news: (ServerChange, Principal) -> News?) {
        let changes = untold
        untold = []
        var message = ByteBuffer()
        var toldCount = 0
        // A task comes with its result, so each is sent only once there is room for it.
        while toldCount < changes.count, !outlet.isCongested {
            let change = changes[toldCount]
            toldCount += 1
            guard let news = news(change, principal) else { continue }
            message.removeAll()
            switch (audience, news) {
            case (.subscription(let request), .change(let change)):
                request.encode(change, into: &message)
            case (.subscription(let request), .task(let task)):
                request.encode(task, into: &message)
            case (.session, .change(let change)):
                change.encodeForSession(into: &message)
            case (.session, .task):
                continue
            }
            outlet.send(message.span)
        }
        untold.insert(contentsOf: changes[toldCount...], at: 0)
    }

    /// Begins a subscription's stream.
    func acknowledge() {
        guard case .subscription(let request) = audience else { return }
        var message = ByteBuffer()
        request.encodeAcknowledgement(into: &message)
        outlet.send(message.span)
    }

    /// Ends the stream in order.
    func end() {
        if case .subscription(let request) = audience {
            var message = ByteBuffer()
            request.encodeEnd(into: &message)
            outlet.send(message.span)
        }
        outlet.end()
    }
}
