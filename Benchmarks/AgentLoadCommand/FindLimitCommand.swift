import AgentLoad
import ArgumentParser

/// The highest rate that a server holds.
struct FindLimitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find-limit",
        abstract: "Search for the highest rate at which no call fails and latency stays low.",
        discussion: """
            The loop is open. The rate is doubled while the server holds it, then the gap between \
            what it held and what it missed is halved. \(LoadFlags.mixDiscussion)
            """
    )

    @OptionGroup
    var load: LoadFlags

    @Option(help: "What ninety-nine of a hundred calls may take.")
    var p99 = TimeSpan(nanoseconds: 5_000_000)

    @Option(help: "The first rate to try.")
    var start = 1_000.0

    @Option(help: "How near the two rates come in the end, in parts of the lower one.")
    var tolerance = 0.05

    @Option(help: "How long each rate is tried.")
    var duration = TimeSpan(nanoseconds: 5_000_000_000)

    @Option(help: "How long it lasts before it counts, each time.")
    var warmUp = TimeSpan(nanoseconds: 1_000_000_000)

    @Option(help: "How calls are spaced: even or random.")
    var spacing = ArrivalSchedule.Spacing.even

    @Option(
        help: """
            Runs at half of the limit for so long afterwards: what a server that is not pressed \
            is like (default: not at all).
            """
    )
    var half: TimeSpan?

    @OptionGroup
    var output: OutputFlags

    func run() throws {
        guard start > 0, start <= 10_000_000, tolerance > 0.001, tolerance <= 1 else {
            throw ValidationError("--start is 0 to 10000000, --tolerance is 0.001 to 1")
        }
        guard duration.nanoseconds >= 1_000_000_000 else {
            throw ValidationError("--duration is a second or more")
        }
        let plan = try load.plan()
        let fleet = try Fleet(plan, watching: load.serverPid)
        let criterion = LimitCriterion(
            percentile: 99,
            microsecondsMax: p99.nanoseconds / 1_000
        )
        var search = LimitSearch(start: start, tolerance: tolerance)
        while !fleet.isInterrupted, let rate = search.next {
            let result = measure(fleet, rate: rate, seconds: duration)
            let fault = criterion.fault(of: result)
            search.note(rate, isHeld: fault == nil)
            Terminal.write([LimitReport.line(result, rate: rate, fault: fault, Terminal.style)])
        }
        guard let limit = search.highestHeld else {
            Terminal.write(["", "  no rate was held"])
            throw ExitCode(1)
        }
        Terminal.write(["", LimitReport.conclusion(limit, criterion, Terminal.style)])
        guard let half, !fleet.isInterrupted else { return }
        let result = measure(fleet, rate: limit / 2, seconds: half)
        Terminal.write([""] + RunReport(result, style: Terminal.style).lines)
        try output.write(result)
    }

    private func measure(_ fleet: Fleet, rate: Double, seconds: TimeSpan) -> RunResult {
        let phase = LoadPhase(
            loop: .open(ratePerSecond: rate, spacing: spacing),
            warmUpNanoseconds: warmUp.nanoseconds,
            windowNanoseconds: seconds.nanoseconds,
            drainNanoseconds: 2_000_000_000
        )
        let measurement = fleet.run(phase, progress: Terminal.tell)
        return RunResult(measurement, fleet.plan, url: load.url, label: load.label)
    }
}
