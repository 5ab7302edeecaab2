import Martlet

/// What the server has let one agent do, where it lets it do so much and no more.
struct Share {
    private struct Admitted {
        let sentAt: Int64
        let answeredAt: Int64
    }

    private var admitted: [Admitted] = []

    private struct Lost {
        let turn: Int

        /// When the server had its next turn; `nil` if it had none yet.
        var seenAt: Int64?
    }

    /// Requests that were given up, and may have been let in.
    private var lost: [Lost] = []

    mutating func lose(at moment: Moment) {
        lost.append(Lost(turn: moment.turn))
    }

    mutating func endTurn(at moment: Moment) {
        for index in lost.indices where lost[index].seenAt == nil {
            if moment.turn > lost[index].turn { lost[index].seenAt = moment.milliseconds }
        }
    }

    /// A request was let in, at some time between these.
    ///
    /// - Throws: ``Violation`` if that was one too many.
    mutating func admit(
        sentAt: Int64,
        answeredAt: Int64,
        within limit: RateLimit
    ) throws(Violation) {
        admitted.append(Admitted(sentAt: sentAt, answeredAt: answeredAt))
        guard limit.perSecond > 0 else { return }
        for first in admitted {
            let count = admitted.count { $0.sentAt >= first.sentAt && $0.answeredAt <= answeredAt }
            let most =
                Double(limit.burst)
                + Double(limit.perSecond) * Double(answeredAt - first.sentAt) / 1_000
            try demand(
                Double(count) <= most + 1,
                "\(count) requests were let in instead of \(most)"
            )
        }
    }

    /// A request was refused, while so many others may have been let in and were not answered.
    ///
    /// - Throws: ``Violation`` if there was no reason.
    func refuse(
        at now: Int64,
        waitingCount: Int,
        within limit: RateLimit
    ) throws(Violation) {
        try demand(limit.perSecond > 0, "a request was refused that nothing limits")
        let window = Int64((limit.burst + limit.perSecond - 1) / limit.perSecond) * 1_000
        let count =
            admitted.count { $0.answeredAt >= now - window } + waitingCount
            + lost.count { $0.seenAt ?? now >= now - window }
        try demand(count >= limit.burst, "the agent was refused after \(count) requests")
    }
}
