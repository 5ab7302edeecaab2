import AgentLoad
import ArgumentParser

/// One run.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Load a server and report what was seen (the default).",
        discussion: """
            With --rate the loop is open: calls begin at their time whatever the server does, and \
            their latency counts from there. Without it the loop is closed: an agent calls, waits \
            for the answer, thinks, and calls again. \(LoadFlags.mixDiscussion)
            """
    )

    @OptionGroup
    var load: LoadFlags

    @Option(help: "Calls a second of an open loop (default: a closed loop).")
    var rate: Double?

    @Option(help: "How calls of an open loop are spaced: even or random.")
    var spacing = ArrivalSchedule.Spacing.even

    @Option(help: "How long an agent of a closed loop thinks, on average.")
    var think = TimeSpan(nanoseconds: 0)

    @Option(help: "How long it takes until all the load is there.")
    var ramp = TimeSpan(nanoseconds: 0)

    @Option(help: "How long the server is loaded before it counts, after the ramp.")
    var warmUp = TimeSpan(nanoseconds: 2_000_000_000)

    @Option(help: "How long it counts.")
    var duration = TimeSpan(nanoseconds: 10_000_000_000)

    @Option(help: "How long answers are waited for in the end.")
    var drain = TimeSpan(nanoseconds: 10_000_000_000)

    @OptionGroup
    var output: OutputFlags

    func run() throws {
        if let rate, !(rate > 0 && rate <= 10_000_000) {
            throw ValidationError("--rate is above 0, and 10000000 at most")
        }
        guard duration.nanoseconds >= 1_000_000_000 else {
            throw ValidationError("--duration is a second or more")
        }
        let plan = try load.plan()
        let loop: LoadPhase.Loop =
            if let rate { .open(ratePerSecond: rate, spacing: spacing) } else {
                .closed(thinkNanoseconds: think.nanoseconds)
            }
        let phase = LoadPhase(
            loop: loop,
            rampNanoseconds: ramp.nanoseconds,
            warmUpNanoseconds: ramp.nanoseconds + warmUp.nanoseconds,
            windowNanoseconds: duration.nanoseconds,
            drainNanoseconds: drain.nanoseconds
        )
        let fleet = try Fleet(plan, watching: load.serverPid)
        let measurement = fleet.run(phase, progress: Terminal.tell)
        let result = RunResult(measurement, plan, url: load.url, label: load.label)
        Terminal.write(RunReport(result, style: Terminal.style).lines)
        try output.write(result)
        if result.summary.failed > 0 { throw ExitCode(1) }
    }
}

/// Files that a result is written to.
struct OutputFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Write the result as JSON.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Write a report with charts.", valueName: "file"))
    var html: String?

    func write(_ result: RunResult) throws {
        if let json { try ResultFile.write(try ResultFile.encode(result), to: json) }
        if let html { try ResultFile.write(HTMLReport([result]).html, to: html) }
    }
}
