/// What has become of a connection that a client has lost.
enum LostConnection {
    case closed
    /// The server does not know.
    case vanished
}

/// A request for the stream of a session.
final class StreamAttempt {
    struct Ending {
        var connection: LostConnection

        /// The turn after which it, or its connection, was lost: the server sees that in the next.
        var turn: Int
    }

    let request: String
    let credentials: Credentials?

    /// Whether it takes nothing over, so that the server may have it beside another one.
    var standsAlone: Bool
    var loss: Ending?

    init(_ request: String, _ credentials: Credentials?, standsAlone: Bool) {
        self.request = request
        self.credentials = credentials
        self.standsAlone = standsAlone
    }

    /// Whether the server may make something of it in this turn.
    func isUnderWay(inTurn turn: Int) -> Bool {
        loss.map { turn <= $0.turn + 1 } ?? true
    }
}
