internal import Logging

/// A line for each call that took longer than it should, with where the time went.
///
/// Not `Sendable`: belongs to a loop.
struct SlowCallLog {
    /// Lines of one loop in a second; more are counted.
    static let lineCountMax = 10

    private let nanosecondsMax: UInt64
    private let logger: Logger
    private var lineCount = 0
    private var leftOutCount = 0

    init(millisecondsMax: Int, logger: Logger) {
        nanosecondsMax = UInt64(clamping: millisecondsMax) &* 1_000_000
        self.logger = logger
    }

    /// A second has passed.
    mutating func tick() {
        if leftOutCount > 0 {
            logger.notice("slow calls: \(leftOutCount) more than are told in a second")
        }
        lineCount = 0
        leftOutCount = 0
    }

    /// Tells of a call that has ended, if it was slow.
    mutating func note(
        _ what: @autoclosure () -> String,
        _ record: AccessRecord,
        _ outcome: OperationOutcome,
        endAt: UInt64
    ) {
        let observation = record.observation
        guard endAt &- observation.headAt > nanosecondsMax else { return }
        guard lineCount < Self.lineCountMax else {
            leftOutCount += 1
            return
        }
        lineCount += 1
        let bodyAt = max(observation.bodyAt, observation.headAt)
        let startAt = max(observation.startAt, bodyAt)
        let stages = [
            ("receive", bodyAt &- observation.headAt), ("decide", startAt &- bodyAt),
            ("run", endAt &- startAt),
        ].map { "\($0.0) \(Self.milliseconds($0.1)) ms" }
        var metadata: Logger.Metadata = ["outcome": "\(outcome.errorType ?? "served")"]
        if let subject = record.principal?.subject { metadata["subject"] = "\(subject.name)" }
        if let trace = observation.trace { metadata["trace"] = "\(trace.traceID)" }
        logger.notice(
            """
            slow call: \(what()) took \(Self.milliseconds(endAt &- observation.headAt)) ms \
            (\(stages.joined(separator: ", ")))
            """,
            metadata: metadata
        )
    }

    private static func milliseconds(_ nanoseconds: UInt64) -> UInt64 {
        (nanoseconds + 500_000) / 1_000_000
    }
}
