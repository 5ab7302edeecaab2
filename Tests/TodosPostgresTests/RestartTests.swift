import PostgresClient
import Synchronization
import TestSupport
import Testing
import Todos
import TodosPostgres

@Suite("PostgreSQL that is killed under load", .needsPostgreSQL)
struct RestartTests {
    private final class Tally: Sendable {
        let acknowledged = Mutex<[String: Int64]>([:])
        let isOver = Atomic<Bool>(false)
    }

    @Test func `Nothing acknowledged is lost, nothing is done twice, and calls wait`()
        async throws
    {
        let cluster = try PostgresCluster()
        let url = try cluster.url(schema: cluster.makeSchema())
        try await Replica.with(2, at: url) { replicas in
            let tally = Tally()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<16 {
                    group.addTask {
                        var number = 0
                        while !tally.isOver.load(ordering: .relaxed) {
                            number += 1
                            let title = "\(writer) \(number)"
                            let key = writer.isMultiple(of: 2) ? title.filter { $0 != " " } : nil
                            let result = try await replicas[writer % 2].add(
                                title,
                                key: key.map { "k\($0)-\(writer)" }
                            )
                            tally.acknowledged.withLock { $0[title] = result.todo?.id ?? 0 }
                        }
                    }
                }
                for round in 1...3 {
                    try await eventually {
                        tally.acknowledged.withLock { $0.count } > round * 200
                    }
                    try cluster.command("restart")
                }
                let before = tally.acknowledged.withLock { $0.count }
                try await eventually { tally.acknowledged.withLock { $0.count } > before + 200 }
                tally.isOver.store(true, ordering: .relaxed)
                try await group.waitForAll()
            }
            let acknowledged = tally.acknowledged.withLock { $0 }
            let titles = try await replicas[1].titles()
            #expect(titles.count == acknowledged.count)
            #expect(Set(titles) == Set(acknowledged.keys))
            for (title, id) in acknowledged {
                let index = Int(id) - 1
                #expect(titles.indices.contains(index) && titles[index] == title)
            }
            let events = replicas.flatMap(\.events.all)
            #expect(events.contains(.recovered))
        }
    }

    @Test func `A database that does not come back is an error in time`() async throws {
        let cluster = try PostgresCluster()
        let url = try cluster.url(schema: cluster.makeSchema())
        try await Replica.with(1, at: url) {
            $0.limits.requestSeconds = 1
        } _: { replicas in
            _ = try await replicas[0].add("first")
            try cluster.command("stop")
            let write = await #expect(throws: TodoStoreError.self) {
                _ = try await replicas[0].add("second")
            }
            guard case .unavailable = write else {
                Issue.record("\(String(describing: write))")
                return
            }
            let read = await #expect(throws: TodoStoreError.self) {
                _ = try await replicas[0].titles()
            }
            guard case .unavailable = read else {
                Issue.record("\(String(describing: read))")
                return
            }
            try cluster.command("start")
            let titles = try await replicas[0].titles()
            #expect(titles == ["first"])
        }
    }
}
