internal import AccessControl
internal import Bytes
internal import MCP

/// What is left of a stream for a client that goes on with another one.
struct StreamRest: Sendable {
    /// Whole messages, in their order.
    var messages: [ByteBuffer] = []

    /// What has changed and was not told.
    var changes: [ServerChange] = []
}

/// What becomes of a session's stream whose client asks for what is left of it.
enum StreamRemains: Sendable {
    case rest(StreamRest)

    /// Another stream has taken it over. What is left is what that one has said after this event: the
    /// client has lost it too, perhaps before it heard a word.
    case moved(EventID)

    /// It is not kept, or belongs to another session.
    case missing
}

/// Where a session's stream went whose client asked for what was left of it.
struct Succession {
    let session: SessionID
    let owner: Subject

    /// The stream that goes on in its place.
    let successor: EventID

    /// How many events of the old stream come before the first that was handed over; `nil` if that is
    /// not known of a successor's successor, which may have forgotten some.
    let seenCount: Int?
    let forgottenAt: UInt64

    /// The event of the successor after which a client goes on that has seen the old stream up to
    /// `sequence`: rather too early than too late.
    func event(after sequence: Int) -> EventID {
        successor.with(sequence: seenCount.map { max(0, sequence - $0) } ?? 0)
    }

    /// The same once another stream takes over from the successor.
    func handedOn(to next: EventID, until forgottenAt: UInt64) -> Succession {
        Succession(
            session: session,
            owner: owner,
            successor: next,
            seenCount: nil,
            forgottenAt: forgottenAt
        )
    }
}
