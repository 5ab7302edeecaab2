internal import AccessControl
internal import Bytes
internal import MCP

/// A stream on which a client hears of changes: a `subscriptions/listen` of the modern era, or the
/// GET stream of a legacy session.
///
/// Not `Sendable`: belongs to the loop of its connection.
final class ChangeListener {
    enum Audience {
        case subscription(ListenRequest)
        case session(LegacySession)
    }

    /// Its place among the GET streams of its session; `nil` for a subscription.
    var streamNumber: Int?

    let audience: Audience
    let principal: Principal
    let outlet: StreamOutlet

    /// What has changed and was not told: kept while the client is behind with reading.
    private var untold: [ServerChange] = []

    init(_ audience: Audience, _ principal: Principal, _ outlet: StreamOutlet) {
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

    /// Tells what has changed, as far as the client reads and may know.
    func tell(_ mayHear: (ServerChange, Principal) -> Bool) {
        guard !outlet.isCongested else { return }
        let changes = untold
        untold = []
        var message = ByteBuffer()
        for change in changes where mayHear(change, principal) {
            message.removeAll()
            switch audience {
            case .subscription(let request): request.encode(change, into: &message)
            case .session: change.encodeForSession(into: &message)
            }
            outlet.send(message.span)
        }
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
