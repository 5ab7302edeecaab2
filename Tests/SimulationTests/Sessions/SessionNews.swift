/// What a session has to be told of the list that it has subscribed to, and what it was told.
///
/// Whatever changes within a second may be told together, so that what is owed is notifications, and
/// what may be told is no more of them than there were changes.
struct SessionNews {
    /// One notification, of what has changed since this tick.
    private struct Debt {
        var tick: Int

        /// Whether a tick has passed since: what changes now is told apart.
        var isComplete = false
    }

    /// How often the list had changed at the last turn.
    private var listCount: Int?

    /// Changes that the session may be told of, now and at the last turn, and of those what it was
    /// told for certain.
    private var count = 0
    private var countBefore = 0
    private var toldCount = 0

    /// What may be told once more, as it has changed just while a stream was being resumed.
    private var repeatCount = 0
    private var debts: [Debt] = []

    /// Changes that nobody had subscribed to, and the tick of the last of them.
    private var unheardCount = 0
    private var unheardTick = 0

    /// The server had a turn, in which it may have been asked so often to go on with a stream.
    mutating func meet(
        listCount: Int,
        isAudible: Bool,
        isOwed: Bool,
        attemptCount: Int,
        atTick tick: Int
    ) {
        let newCount = listCount - (self.listCount ?? listCount)
        self.listCount = listCount
        countBefore = count
        noteUnheard(isAudible ? 0 : newCount, isAudible: isAudible, atTick: tick)
        guard isAudible, newCount > 0 else { return }
        count += newCount
        repeatCount += newCount * attemptCount
        guard isOwed, debts.last?.isComplete ?? true else { return }
        debts.append(Debt(tick: tick))
    }

    /// What has changed within the second before somebody subscribes may be told all the same.
    private mutating func noteUnheard(_ newCount: Int, isAudible: Bool, atTick tick: Int) {
        if tick > unheardTick + 1 { unheardCount = 0 }
        if newCount > 0 {
            unheardCount += newCount
            unheardTick = tick
        }
        guard isAudible else { return }
        count += unheardCount
        unheardCount = 0
    }

    /// A stream begins that goes on with nothing before it.
    mutating func beginAnew() {
        toldCount = max(toldCount, countBefore)
    }

    /// The stream is back: from now on it is time for what is owed.
    mutating func comeBack(atTick tick: Int) {
        for index in debts.indices { debts[index].tick = tick }
    }

    /// Nobody knows whether it can still be told.
    mutating func forgive() {
        debts = []
    }

    /// Something was told; `isCatchingUp` on a stream that was resumed in this very turn.
    mutating func take(isCatchingUp: Bool) throws(Violation) {
        if isCatchingUp, count == toldCount {
            try demand(repeatCount > 0, "it was told before")
            repeatCount -= 1
        } else {
            try demand(count > toldCount, "nothing has changed")
            // What has changed in this very turn may have done so just after it was told.
            toldCount = isCatchingUp ? toldCount + 1 : max(toldCount, countBefore)
        }
        if !debts.isEmpty { debts.removeFirst() }
    }

    /// Something was told, and nobody knows when.
    mutating func takeLate() {
        debts = []
    }

    /// All who read have read.
    mutating func endTurn(atTick tick: Int) {
        for index in debts.indices where debts[index].tick < tick { debts[index].isComplete = true }
    }

    /// The turn ends in which the stream came back: all that had changed before has been told, what
    /// changed just then may be told once more, and nothing else is if no other stream can have heard
    /// of it.
    mutating func endCatchingUp(isAlone: Bool) {
        toldCount = countBefore
        if isAlone { repeatCount = 0 }
    }

    /// The stream is open, and whoever reads it has read all there is.
    func check(atTick tick: Int) throws(Violation) {
        guard let debt = debts.first else { return }
        try demand(tick <= debt.tick, "nothing was told of a change since tick \(debt.tick)")
    }
}
