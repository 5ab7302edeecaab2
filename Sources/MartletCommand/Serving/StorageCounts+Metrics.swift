import Martlet
import TodosSQLite

extension StorageCounts {
    /// The counts as operators are told them.
    var metrics: [MetricFamily] {
        [
            MetricFamily(
                "martlet.sqlite.commits",
                "Transactions with writes; each is one sync of the write-ahead log.",
                kind: .counter,
                points: [.init([], .number(Double(commitCount)))]
            ),
            MetricFamily(
                "martlet.sqlite.writes",
                "Writes in these transactions.",
                kind: .counter,
                points: [.init([], .number(Double(writeCount)))]
            ),
            MetricFamily(
                "martlet.sqlite.commit.time",
                "Time that these transactions took, their syncs above all.",
                unit: .seconds,
                kind: .counter,
                points: [.init([], .number(Double(commitNanoseconds) / 1e9))]
            ),
        ]
    }
}
