// Where its client hears of changes, and whether it does.
extension Session {
    /// How long a stream is kept for a client that has left it.
    private static let retentionMilliseconds: Int64 = 60_000

    /// Where its client hears of changes.
    enum Listening {
        /// Nowhere, or nobody knows.
        case nowhere
        case open(SessionStream)
        /// Its stream is lost since then, and kept for it if one of these tokens is not over.
        case away(since: Int64, [Credentials])
    }

    var canAskForStream: Bool {
        if case .open = listening { return false }
        return !attempts.contains { $0.loss == nil }
    }

    /// Whether its client is to come back.
    var isAway: Bool {
        if case .away = listening { true } else { false }
    }

    // What happens to its stream.

    /// The client asks for it.
    func begin(_ attempt: StreamAttempt) {
        attempts.append(attempt)
        guard case .away(let since, let credentials) = listening else {
            // What it names is not kept for certain.
            attempt.standsAlone = true
            return
        }
        if let own = attempt.credentials {
            listening = .away(since: since, credentials + [own])
        }
    }

    /// The server has refused it.
    func refuse(_ request: String) {
        attempts.removeAll { $0.request == request }
    }

    /// It will not be heard what the server made of it.
    func lose(_ request: String, _ connection: LostConnection, at moment: Moment) {
        for attempt in attempts where attempt.request == request {
            attempt.loss = StreamAttempt.Ending(connection: connection, turn: moment.turn)
        }
    }

    /// The stream has begun.
    func open(_ stream: SessionStream, at moment: Moment) {
        attempts.removeAll { $0.request == stream.id }
        if isAway, stream.isResumed {
            stream.hasTakenOver = true
            // It has taken over whatever they had.
            attempts.removeAll { !$0.standsAlone && !$0.isUnderWay(inTurn: moment.turn) }
            news.comeBack(atTick: moment.tick)
        } else {
            news.forgive()
        }
        if !stream.isResumed, stream.isPrompt { news.beginAnew() }
        listening = .open(stream)
    }

    /// The client has lost the stream, and may come back.
    func lose(_ stream: SessionStream, _ connection: LostConnection, at moment: Moment) {
        guard case .open(let open) = listening, open === stream else { return }
        if !stream.isPrimed {
            // There is nothing by which to come back to this one.
            let attempt = StreamAttempt(
                stream.id,
                stream.credentials,
                standsAlone: !stream.hasTakenOver
            )
            attempt.loss = StreamAttempt.Ending(connection: connection, turn: moment.turn)
            attempts.append(attempt)
        }
        guard stream.isPrompt, stream.isPrimed || stream.hasTakenOver else {
            return lapse()
        }
        let credentials = stream.credentials.map { [$0] } ?? []
        listening = .away(since: moment.milliseconds, credentials)
    }

    /// The server has ended the stream, to go on with another one or since it was over.
    func end(_ stream: SessionStream, at moment: Moment?) throws {
        guard case .open(let open) = listening, open === stream else { return }
        guard let moment else { return lapse() }
        let hasReason =
            moment.stage > .serving || stream.isOver(at: moment) || isEnding
            || attempts.contains { $0.isUnderWay(inTurn: moment.turn) }
        try demand(hasReason, "\(stream.id): the stream has no reason to end")
        if moment.stage > .serving || stream.isOver(at: moment) || isEnding { return lapse() }
        lose(stream, .closed, at: moment)
    }

    /// What has changed need not be told to whoever comes back.
    private func lapse() {
        listening = .nowhere
        news.forgive()
        // What they might have taken over is forgotten.
        for attempt in attempts { attempt.standsAlone = true }
    }

    // What passes.

    /// The server had a turn.
    func meet(listCount: Int, at moment: Moment) {
        _ = isExpired(atSeconds: moment.wallSeconds)
        if isAway, !isHeard(at: moment) { lapse() }
        let isOwed = isHeard(at: moment) && subscription.isCertain
        if !isOwed { news.forgive() }
        news.meet(
            listCount: listCount,
            isAudible: subscription.isPossible,
            // What it might be told on another stream that nobody reads is not lost, and not heard.
            isOwed: isOwed && !attempts.contains(where: \.standsAlone),
            attemptCount: attempts.count { $0.isUnderWay(inTurn: moment.turn) },
            atTick: moment.tick
        )
    }

    /// Whether what changes now reaches the client for certain, if it comes back.
    private func isHeard(at moment: Moment) -> Bool {
        guard !hasExpired, !isEnding, moment.stage == .serving else { return false }
        switch listening {
        case .nowhere: return false
        case .open(let stream): return !stream.isOver(at: moment)
        case .away(let since, let credentials):
            let isKept = moment.milliseconds - since < Self.retentionMilliseconds
            return isKept && !(moment.hasTicked && credentials.contains { $0.areOver(at: moment) })
        }
    }

    /// Everybody has read what came of the turn.
    func endTurn(at moment: Moment) throws {
        attempts.removeAll {
            $0.loss?.connection == .closed && !$0.isUnderWay(inTurn: moment.turn + 1)
        }
        defer { news.endTurn(atTick: moment.tick) }
        guard case .open(let stream) = listening else { return }
        try demand(!hasEnded, "\(stream.id): the session has ended, and its stream goes on")
        guard stream.isPrompt else { return }
        if stream.isCatchingUp(at: moment) {
            let isAlone = !attempts.contains { $0.isUnderWay(inTurn: moment.turn + 1) }
            news.endCatchingUp(isAlone: isAlone)
        }
        do {
            try news.check(atTick: moment.tick)
        } catch {
            throw Violation("\(stream.id): \(error)")
        }
    }
}
