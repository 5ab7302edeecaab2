import Libuv
import Martlet
import PostgresClient
import Synchronization
import TestSupport
import Testing
import TodoServer
import TodosPostgres
import TodosSQLite

@Suite(
    "A store of tasks that two processes have",
    .enabled(if: PostgresCluster.reasonToSkip == nil, "PostgreSQL is not installed")
)
struct SharedTaskStoreTests {
    private func withStores(_ body: ([DatabaseTaskStore]) async throws -> Void) async throws {
        let cluster = try PostgresCluster.shared.get()
        let url = try PostgresURL(cluster.url(schema: cluster.makeSchema()))
        let group = try EventLoopGroup(count: 1)
        defer { group.stop() }
        var stores: [PostgresTodoStore] = []
        for _ in 0..<2 {
            stores.append(
                try await PostgresTodoStore.open(.init(url: url), on: group) {
                    Issue.record("\($0)")
                }
            )
        }
        do {
            try await body(stores.map { DatabaseTaskStore($0) })
        } catch {
            for store in stores { await store.close() }
            throw error
        }
        for store in stores { await store.close() }
    }

    @Test func `What is said and done at one is heard at the other as it was`() async throws {
        try await withStores { stores in
            let words = Mutex<[TaskWord]>([])
            let changes = Mutex<[TaskOwner]>([])
            for (index, store) in stores.enumerated() {
                #expect(store.isShared)
                try await store.follow(
                    TaskHearer {
                        true
                    } didChange: { _, owner in
                        changes.withLock { $0.append(owner) }
                    } didHear: { word, id in
                        #expect(index == 0 && id.text == "x")
                        words.withLock { $0.append(word) }
                    }
                )
            }
            let task = TaskRecord.new()
            _ = try await stores[0].insert(task, within: .wide())
            let answer = RawJSON(unchecked: ByteBuffer(#"{"a":"\u0000é\"\n"}"#))
            let said: [TaskWord] = [
                .answer(key: "cancel", answer), .answer(key: " é\n{\"}", answer), .cancellation,
            ]
            try await stores[1].pass(said, to: task.id)
            try await eventually { words.withLock { Set($0) == Set(said) } }
            // The other may begin to listen later than this.
            var changed = task
            while changes.withLock({ !$0.contains(.ada) }) {
                changed = changed.changed(to: .working)
                try await stores[0].update(changed)
            }
        }
    }

    @Test func `A store in a file has nobody to tell`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try SQLiteTodoStore(.init(path: directory + "/todos.db")) { _ in }
            defer { store.close() }
            let tasks = DatabaseTaskStore(store)
            #expect(!tasks.isShared)
            let nobody = TaskHearer {
                true
            } didChange: { _, _ in
                Issue.record("told of a change")
            } didHear: { _, _ in
                Issue.record("told of a word")
            }
            try await tasks.follow(nobody)
            _ = try await tasks.insert(.new(), within: .wide())
            try await tasks.pass([.cancellation], to: TaskID("x"))
            try await tasks.update(TaskRecord.new().changed(to: .cancelled))
        }
    }
}
