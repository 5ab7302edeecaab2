/// Two runs beside each other.
public struct Comparison: Sendable {
    /// One number in both.
    public struct Row: Hashable, Sendable {
        public enum Unit: Hashable, Sendable {
            case callsPerSecond, microseconds, count, bytes
        }

        public let name: String
        public let unit: Unit
        public let first: Double
        public let second: Double

        /// How much more the second is than the first, in parts of the first; `nil` if that is 0.
        public var change: Double? { first == 0 ? nil : second / first - 1 }
    }

    public let rows: [Row]

    /// What keeps the two from being comparable: settings that differ.
    public let differences: [String]

    public init(_ first: RunResult, _ second: RunResult) {
        var rows: [Row] = []
        func add(_ name: String, _ unit: Row.Unit, _ number: (RunResult) -> Double?) {
            guard let one = number(first), let other = number(second) else { return }
            rows.append(Row(name: name, unit: unit, first: one, second: other))
        }
        add("rate", .callsPerSecond) { $0.summary.ratePerSecond }
        for percentile in LatencyResult.tablePercentiles {
            add(percentileName(percentile), .microseconds) { result in
                result.summary.latency.microseconds(atPercentile: percentile).map { Double($0) }
            }
        }
        add("refused", .count) { Double($0.summary.refused) }
        add("failed", .count) { Double($0.summary.failed) }
        add("server CPU a call", .microseconds) { $0.server?.microsecondsPerCall }
        add("server memory", .bytes) { $0.server.map { Double($0.residentBytesMax) } }
        for operation in first.operations.map(\.operation) {
            add("\(operation.rawValue) p99", .microseconds) { result in
                result.operations.first { $0.operation == operation }?
                    .latency.microseconds(atPercentile: 99).map { Double($0) }
            }
        }
        self.rows = rows
        differences = Self.differences(first, second)
    }

    private static func differences(_ first: RunResult, _ second: RunResult) -> [String] {
        var differences: [String] = []
        func compare(_ name: String, _ text: (RunResult) -> String) {
            let (one, other) = (text(first), text(second))
            if one != other { differences.append("\(name): \(one) and \(other)") }
        }
        compare("machine") {
            "\($0.machine.coreCount) cores of \($0.machine.architecture), \($0.machine.system)"
        }
        compare("loop") { result in
            let settings = result.settings
            return settings.ratePerSecond.map { "\(settings.loop) at \(decimal($0, 0))/s" }
                ?? settings.loop
        }
        compare("agents") { "\($0.settings.agents)" }
        compare("mix") { $0.settings.mix }
        compare("roles") { $0.settings.roles }
        compare("eras") { $0.settings.eras }
        compare("tokens renewed") { $0.settings.tokenRenewal.rawValue }
        compare("requests a connection") { "\($0.settings.requestsPerConnection)" }
        compare("window") { "\(decimal($0.settings.windowSeconds, 0)) s" }
        return differences
    }
}
