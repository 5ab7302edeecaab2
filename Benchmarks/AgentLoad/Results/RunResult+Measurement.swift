import Foundation
import Histogram

extension RunResult {
    /// What a measurement amounts to.
    ///
    /// - Parameters:
    ///   - measurement: What was measured.
    ///   - plan: Who loaded the server.
    ///   - url: The server, as it was named.
    ///   - label: What the run is called beside others.
    public init(_ measurement: Measurement, _ plan: LoadPlan, url: String, label: String) {
        let tally = measurement.tally
        let total = tally.total
        let phase = measurement.phase
        let windowSeconds = Double(phase.windowNanoseconds) / 1e9
        format = Self.currentFormat
        self.label = label
        startedAt = measurement.startedAt
        machine = .current
        settings = Settings(phase, plan, url: url)
        summary = Summary(
            calls: total.count,
            succeeded: total.succeeded,
            refused: total.refused,
            failed: total.failed,
            ratePerSecond: Double(total.succeeded) / windowSeconds,
            latency: LatencyResult(total.latencies)
        )
        operations = Operation.allCases.compactMap { operation in
            let entry = tally[operation]
            guard entry.count > 0 else { return nil }
            return OperationResult(
                operation: operation,
                succeeded: entry.succeeded,
                refused: entry.refused,
                failed: entry.failed,
                latency: LatencyResult(entry.latencies)
            )
        }
        failures = Self.counts(tally.failures)
        retries = Self.counts(tally.retries)
        events = Events(
            tokensSigned: tally.tokensSigned,
            tokensRenewedOnRefusal: tally.tokensRenewedOnRefusal,
            sessionsOpened: tally.sessionsOpened,
            connectionsOpened: tally.connectionsOpened
        )
        ownCores = measurement.own?.coreCount
        seconds = measurement.seconds.map(Second.init)
        server = measurement.server.map { use in
            let endedCount = measurement.seconds.reduce(0) {
                $0 + $1.interval.succeeded + $1.interval.refused + $1.interval.failed
            }
            return Server(
                userSeconds: use.userSeconds,
                kernelSeconds: use.kernelSeconds,
                cores: use.coreCount,
                microsecondsPerCall: endedCount > 0
                    ? use.processorSeconds * 1e6 / Double(endedCount) : 0,
                residentBytes: use.residentBytes,
                residentBytesMax: measurement.residentBytesMax
            )
        }
    }

    private static func counts(_ counts: [FailureKind: UInt64]) -> [Count] {
        counts.map { Count(kind: "\($0.key)", count: $0.value) }
            .sorted { ($1.count, $0.kind) < ($0.count, $1.kind) }
    }
}

extension RunResult.Settings {
    fileprivate init(_ phase: LoadPhase, _ plan: LoadPlan, url: String) {
        self.url = url
        switch phase.loop {
        case .open(let rate, let spacing):
            loop = "open"
            ratePerSecond = rate
            self.spacing = spacing
        case .closed(let think):
            loop = "closed"
            thinkSeconds = Double(think) / 1e9
        }
        agents = plan.agentCount
        threads = plan.threadCount
        mix = "\(plan.operations)"
        roles = "\(plan.roles)"
        eras = "\(plan.eras)"
        tokenRenewal = plan.renewal
        requestsPerConnection = plan.requestsPerConnection
        retriable = plan.retriable.sorted { $0.rawValue < $1.rawValue }
        warmUpSeconds = Double(phase.warmUpNanoseconds) / 1e9
        windowSeconds = Double(phase.windowNanoseconds) / 1e9
    }
}

extension RunResult.Second {
    fileprivate init(_ second: Measurement.Second) {
        let interval = second.interval
        succeeded = interval.succeeded
        refused = interval.refused
        failed = interval.failed
        retried = interval.retried
        p50Microseconds = interval.latencies.microseconds(atPercentile: 50)
        p99Microseconds = interval.latencies.microseconds(atPercentile: 99)
        maxMicroseconds = interval.latencies.microseconds(atPercentile: 100)
        serverCores = second.server?.coreCount
        serverResidentBytes = second.server?.residentBytes
    }
}
