internal import Bytes
internal import MCP

/// A session's stream that takes note of changes and does not tell of them yet.
///
/// Not `Sendable`: belongs to the loop of its connection.
final class HeldStream {
    let id: EventID
    private let listener: ChangeListener
    private let outlet: SessionOutlet
    private let subscriptions: LoopSubscriptions

    init(
        _ id: EventID,
        _ listener: ChangeListener,
        _ outlet: SessionOutlet,
        _ subscriptions: LoopSubscriptions
    ) {
        self.id = id
        self.listener = listener
        self.outlet = outlet
        self.subscriptions = subscriptions
    }

    /// Tells what is left of the stream before it, and from then on what changes.
    func goOn(with rest: StreamRest) {
        for change in rest.changes { listener.note(change) }
        outlet.resume(with: rest.messages)
        subscriptions.open(listener)
    }
}
