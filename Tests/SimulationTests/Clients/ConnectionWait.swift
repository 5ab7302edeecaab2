import HTTPTransport

/// What the server waits for on a connection, and since when.
struct ConnectionWait {
    enum Reason: Equatable {
        /// A request.
        case idle
        /// The rest of a head or a body.
        case head(of: String)
        case body(of: String)
        /// The answer, which others give.
        case answer(to: String)
        /// The rest of what has been refused.
        case rest(of: String)
        /// Nothing that has an end: the response goes on.
        case stream
    }

    private(set) var reason = Reason.idle
    private var sinceTick: Int

    init(atTick tick: Int) {
        sinceTick = tick
    }

    /// The server waits for something, perhaps still, or anew if what it waits for has happened.
    mutating func update(_ reason: Reason, isRenewed: Bool, atTick tick: Int) {
        let beginsAgain = reason == .idle && isRenewed
        guard reason != self.reason || beginsAgain else { return }
        self.reason = reason
        sinceTick = tick
    }

    /// The tick that ends the wait; the one in progress when it began does not count.
    func endTick(_ limits: HTTPServerLimits) -> Int? {
        let seconds: Int? =
            switch reason {
            case .idle: limits.idleSeconds
            case .head: limits.headSeconds
            case .body: limits.bodySeconds
            case .answer: limits.responseSeconds
            case .rest: limits.lingerSeconds
            case .stream: nil
            }
        return seconds.map { sinceTick + $0 + 1 }
    }
}
