import Testing
import Todos
import TodosSQLite

@Suite("A long list in SQLite")
struct LongListTests {
    /// Pages of the file that one page of a list may cost.
    ///
    /// A path down each tree and, where the listed are few among many, a path for each to-do.
    /// Reading all of 100,000 takes 2,000.
    private static let readCountMax: UInt64 = 60

    @Test(arguments: [1_000, 100_000])
    func `A page costs the same few reads wherever it begins`(count: Int64) async throws {
        let disk = PowerCutDisk()
        let store = try disk.openStore()
        try await store.add("first")
        store.close()
        // Every 500th is done, so that a page of those spans 10,000 others.
        let rowCount = disk.query(
            """
            WITH RECURSIVE number (i) AS (
                SELECT 2 UNION ALL SELECT i + 1 FROM number WHERE i < \(count)
            )
            INSERT INTO todo SELECT 1, i, 'to-do ' || i, i % 500 = 0, 'https://a', 'ada', 1, 1
            FROM number RETURNING (SELECT count(*) FROM number)
            """
        )
        #expect(rowCount == count - 1)

        for isCompleted in [nil, true, false] {
            for after in [0, count / 2, count - 100] {
                let cold = try disk.openStore()
                defer { cold.close() }
                let readCount = disk.readCount
                let page = try await cold.page(
                    TodoQuery(after: after, isCompleted: isCompleted),
                    in: "home"
                )
                let completedCount = Int(count / 500 - after / 500)
                #expect(page.todos.count == (isCompleted == true ? min(20, completedCount) : 20))
                let cost = disk.readCount - readCount
                #expect(
                    cost <= Self.readCountMax,
                    "after \(after), completed \(String(describing: isCompleted))"
                )
            }
        }
    }
}
