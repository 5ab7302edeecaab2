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

    /// Ticks by which it may have begun later.
    private var doubtTicks = 0

    init(atTick tick: Int) {
        sinceTick = tick
    }

    /// It has begun at this tick or just before the connections counted it, which nobody can tell.
    init(atOrBeforeTick tick: Int) {
        sinceTick = tick - 1
        doubtTicks = 1
    }

    /// The server waits for something, perhaps still, or anew if what it waits for has happened.
    mutating func update(_ reason: Reason, isRenewed: Bool, atTick tick: Int) {
        let beginsAgain = reason == .idle && isRenewed
        guard reason != self.reason || beginsAgain else { return }
        self.reason = reason
        sinceTick = tick
        doubtTicks = 0
    }

    /// The tick by which the wait ends for certain.
    func lastEndTick(_ limits: HTTPServerLimits) -> Int? {
        endTick(limits).map { $0 + doubtTicks }
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
