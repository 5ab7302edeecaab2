import Foundation
import Histogram

/// A run as it is kept in a file: JSON, so that anything can read it.
public struct RunResult: Codable, Sendable {
    /// The format of these files that this program writes and reads.
    public static let currentFormat = 1

    public var format: Int
    public var label: String
    public var startedAt: Date
    public var machine: Machine
    public var settings: Settings
    public var summary: Summary
    public var operations: [OperationResult]
    /// Why calls were refused or failed.
    public var failures: [Count]
    /// Attempts that were made again.
    public var retries: [Count]
    public var events: Events
    public var seconds: [Second]
    public var server: Server?
    /// Cores that this program kept busy itself.
    public var ownCores: Double?

    public struct Machine: Codable, Sendable {
        public var system: String
        public var architecture: String
        public var coreCount: Int

        /// This one.
        public static var current: Machine {
            var name = utsname()
            uname(&name)
            func text(_ field: some Any) -> String {
                withUnsafeBytes(of: field) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
            }
            return Machine(
                system: "\(text(name.sysname)) \(text(name.release))",
                architecture: text(name.machine),
                coreCount: ProcessInfo.processInfo.processorCount
            )
        }
    }

    public struct Settings: Codable, Sendable {
        public var url: String
        /// "open" or "closed".
        public var loop: String
        /// Of an open loop, in calls a second.
        public var ratePerSecond: Double?
        public var spacing: ArrivalSchedule.Spacing?
        /// Of a closed loop, the mean.
        public var thinkSeconds: Double?
        public var agents: Int
        public var threads: Int
        public var mix: String
        public var roles: String
        public var eras: String
        public var tokenRenewal: TokenRenewal
        public var requestsPerConnection: Int
        public var retriable: [FailureKind.Retriable]
        public var warmUpSeconds: Double
        public var windowSeconds: Double
    }

    public struct Summary: Codable, Sendable {
        /// Calls that were due in the window.
        public var calls: UInt64
        public var succeeded: UInt64
        public var refused: UInt64
        public var failed: UInt64
        /// Of calls that were due in the window and succeeded.
        public var ratePerSecond: Double
        public var latency: LatencyResult
    }

    public struct OperationResult: Codable, Sendable {
        public var operation: Operation
        public var succeeded: UInt64
        public var refused: UInt64
        public var failed: UInt64
        public var latency: LatencyResult
    }

    public struct Count: Codable, Hashable, Sendable {
        public var kind: String
        public var count: UInt64
    }

    public struct Events: Codable, Sendable {
        public var tokensSigned: UInt64
        public var tokensRenewedOnRefusal: UInt64
        public var sessionsOpened: UInt64
        public var connectionsOpened: UInt64
    }

    public struct Second: Codable, Sendable {
        public var succeeded: UInt64
        public var refused: UInt64
        public var failed: UInt64
        public var retried: UInt64
        public var p50Microseconds: UInt64
        public var p99Microseconds: UInt64
        public var maxMicroseconds: UInt64
        /// Cores that the servers kept busy.
        public var serverCores: Double?
        public var serverResidentBytes: Int?
    }

    public struct Server: Codable, Sendable {
        public var userSeconds: Double
        public var kernelSeconds: Double
        public var cores: Double
        /// Of user and kernel time together, for each call that ended in the measured seconds.
        public var microsecondsPerCall: Double
        public var residentBytes: Int
        public var residentBytesMax: Int
    }
}

/// Latencies in microseconds.
public struct LatencyResult: Codable, Sendable {
    /// The percentiles that tables show.
    public static let tablePercentiles = [50.0, 90, 99, 99.9, 99.99, 100]

    public struct Point: Codable, Hashable, Sendable {
        public var percentile: Double
        public var microseconds: UInt64
    }

    public var count: UInt64
    public var meanMicroseconds: Double
    public var minMicroseconds: UInt64
    /// ``tablePercentiles``.
    public var percentiles: [Point]
    /// Finer, for a chart.
    public var curve: [Point]

    public init(_ latencies: Latencies) {
        count = latencies.totalCount
        meanMicroseconds = latencies.mean
        minMicroseconds = latencies.min
        percentiles = Self.tablePercentiles.map {
            Point(percentile: $0, microseconds: latencies.microseconds(atPercentile: $0))
        }
        // Even steps of the number of nines; beyond what one call in so many is, nothing is known.
        curve = []
        for step in 0...100 {
            let share = pow(10.0, -Double(step) / 20)
            guard Double(latencies.totalCount) * share >= 1 else { break }
            let percentile = (1 - share) * 100
            let microseconds = latencies.microseconds(atPercentile: percentile)
            curve.append(Point(percentile: percentile, microseconds: microseconds))
        }
    }

    public func microseconds(atPercentile percentile: Double) -> UInt64? {
        percentiles.first { $0.percentile == percentile }?.microseconds
    }
}

extension Latencies {
    /// The least number of microseconds that so many of a hundred calls do not exceed.
    func microseconds(atPercentile percentile: Double) -> UInt64 {
        guard totalCount > 0 else { return 0 }
        return percentile >= 100 ? self.max : valueAtPercentile(percentile)
    }
}
