internal import JSON
internal import MCP

/// A task of this process, from its creation until its end has been kept and told.
struct RunningTask {
    /// Who waits for the answers of a round.
    enum Waiting {
        /// The tool has asked and does not wait yet.
        case notYet
        case tool(CheckedContinuation<Answers, Never>)
        /// The answers came before the tool waited.
        case answered(Answers)
    }

    typealias Answers = Result<[RawJSON], RequestFailure>

    let call: FeatureCall

    /// As clients are shown it.
    var record: TaskRecord

    /// The newest revision that the store has.
    var keptRevision = 0

    /// How it ends, before the store has acknowledged it; clients are not told so far.
    var ending: TaskRecord?

    /// Whether the store is being told of the ending.
    var isSaving = false

    var questions = TaskQuestions()
    var waiting: [Int: Waiting] = [:]

    /// The tool; `nil` before it has started.
    var run: Task<Void, Never>?

    /// Seconds that the tool has worked, waiting for the client not counted.
    var workedSeconds = 0

    /// Seconds since the end was kept: listeners are told meanwhile.
    var endedSeconds = 0

    init(_ record: TaskRecord, _ call: FeatureCall) {
        self.call = call
        self.record = record
    }

    /// As its owner is shown it; `nil` for everybody else.
    func record(of owner: TaskOwner) -> TaskRecord? {
        record.owner == owner ? record : nil
    }

    /// Whether it can still go on.
    var isGoingOn: Bool { ending == nil && !record.status.isFinal }

    /// Decides how the task ends.
    ///
    /// - Returns: `false` if that had been decided.
    mutating func end(
        _ status: TaskRecord.Status,
        message: String?,
        atMilliseconds now: Int64
    ) -> Bool {
        guard isGoingOn else { return false }
        var ending = record
        _ = ending.change(to: status, message: message, atMilliseconds: now)
        self.ending = ending
        isSaving = true
        return true
    }

    /// Sets the status that open questions call for.
    mutating func showQuestions(atMilliseconds now: Int64) {
        let status: TaskRecord.Status =
            questions.isEmpty ? .working : .inputRequired(requests: questions.requests)
        _ = record.change(to: status, message: record.statusMessage, atMilliseconds: now)
    }

    /// Takes out whoever waits for answers, none of which will come.
    mutating func takeWaiting() -> [CheckedContinuation<Answers, Never>] {
        let waiting = waiting.values
        for round in self.waiting.keys { questions.withdraw(round) }
        self.waiting = [:]
        return waiting.compactMap { if case .tool(let tool) = $0 { tool } else { nil } }
    }
}
