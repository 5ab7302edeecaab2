import HTTPTransport

// What the server waits for, and when it has waited long enough.
extension Conversation {
    /// Looks whether a 408 came when it had to.
    func judgeTimeout(at moment: Moment) throws {
        try demand(mustEnd, "\(name): a timeout leaves the connection open")
        guard pace == .attentive else { return }
        switch wait.reason {
        case .head, .body:
            try demand(
                moment.tick == wait.endTick(moment.scenario.limits),
                "\(name): timed out at tick \(moment.tick), \(wait)"
            )
        case .idle, .answer, .rest, .stream:
            throw Violation("\(name): timed out, \(wait)")
        }
    }

    /// Looks whether the server was right to end the connection.
    func judgeEnd(at moment: Moment) throws {
        defer { end(at: moment) }
        if hasFinishedSending || moment.stage == .cuttingOff { return }
        // Who reads late cannot tell when that was, nor who does not read at all.
        guard pace == .attentive else { return }
        try demand(!reader.isInside, "\(name): half an answer")
        if mustEnd { return }
        switch wait.reason {
        case .idle, .rest:
            let isOverdue = wait.endTick(moment.scenario.limits).map { moment.tick >= $0 } ?? false
            if isOverdue || moment.stage >= .draining { return }
        case .head, .body, .answer, .stream:
            break
        }
        throw Violation("\(name): the server hung up at tick \(moment.tick), \(wait)")
    }

    /// Finds out what the server waits for, and whether it has waited too long.
    func updateWait(isRenewed: Bool, at moment: Moment) throws {
        let reason = try reasonToWait
        wait.update(reason, isRenewed: isRenewed, atTick: moment.tick)
        guard pace == .attentive, let endTick = wait.lastEndTick(moment.scenario.limits) else {
            return
        }
        // A connection that has carried nothing waits for less once the server drains.
        if reason == .idle, moment.stage >= .draining { return }
        try demand(moment.tick < endTick, "\(name): not ended at tick \(moment.tick), \(wait)")
        try demand(!mustEnd, "\(name): not ended after the last answer")
    }

    private var reasonToWait: ConnectionWait.Reason {
        get throws {
            if stream != nil { return .stream }
            if let request = unanswered.first, request.sentByteCount > 0 {
                guard request.isSent else {
                    return request.isHeadSent ? .body(of: request.id) : .head(of: request.id)
                }
                try demand(request.errand.needsStore, "\(name): \(request.id) has no answer")
                return .answer(to: request.id)
            }
            if let request = unsent.first, request.sentByteCount > 0 {
                return .rest(of: request.id)
            }
            return .idle
        }
    }
}
