import Martlet
import TodosPostgres
import TodosSQLite

extension SQLiteTodoStore {
    /// What operators are told of the store.
    var metrics: [MetricFamily] {
        let counts = counts
        let system = MetricFamily.Attribute("db.system.name", "sqlite")
        return [
            MetricFamily(
                "martlet.sqlite.commits",
                "Transactions with writes; each is one sync of the write-ahead log.",
                kind: .counter,
                points: [.init([], .number(Double(counts.commitCount)))]
            ),
            MetricFamily(
                "martlet.sqlite.writes",
                "Writes in these transactions.",
                kind: .counter,
                points: [.init([], .number(Double(counts.writeCount)))]
            ),
            MetricFamily(
                "martlet.sqlite.commit.time",
                "Time that these transactions took, their syncs above all.",
                unit: .seconds,
                kind: .counter,
                points: [.init([], .number(Double(counts.commitNanoseconds) / 1e9))]
            ),
            MetricFamily(
                "db.client.operation.duration",
                "Time that transactions with writes took, their syncs above all.",
                unit: .seconds,
                kind: .histogram(
                    bounds: StorageCounts.commitBoundsNanoseconds.map { Double($0) / 1e9 }
                ),
                points: [
                    .init(
                        [system, .init("db.operation.name", "COMMIT")],
                        .histogram(
                            counts: counts.commitCounts,
                            sum: Double(counts.commitNanoseconds) / 1e9
                        )
                    )
                ]
            ),
            .databaseQueue(waitingCount, of: system),
        ]
    }
}

extension PostgresTodoStore {
    /// What operators are told of the store.
    var metrics: [MetricFamily] {
        [.databaseQueue(waitingCount, of: .init("db.system.name", "postgresql"))]
    }
}

extension MetricFamily {
    fileprivate static func databaseQueue(_ count: Int, of system: Attribute) -> MetricFamily {
        MetricFamily(
            "martlet.database.queue.size",
            "Requests that wait for the database.",
            kind: .gauge,
            points: [.init([system], .number(Double(count)))]
        )
    }
}
