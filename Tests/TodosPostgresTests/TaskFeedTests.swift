import Synchronization
import TestSupport
import Testing
import Todos
import TodosPostgres

@Suite("What processes tell each other of tasks", .needsPostgreSQL)
struct TaskFeedTests {
    typealias Source = PostgresTodoStore.Configuration.ChangeSource

    private static let owner = StoredTask.Owner(
        issuer: "https://a",
        subject: "ada",
        workspace: "home"
    )

    /// What one process has heard.
    private final class Heard: Sendable {
        private let changes = Mutex<[String]>([])
        private let words = Mutex<[String: [StoredTaskWord]]>([:])
        private let isDeaf = Mutex(false)

        var changed: Set<String> { changes.withLock { Set($0) } }
        var changeCount: Int { changes.withLock { $0.count } }
        func words(_ task: String) -> [StoredTaskWord] { words.withLock { $0[task] ?? [] } }

        func wantNoChanges() { isDeaf.withLock { $0 = true } }

        var hearer: StoredTaskHearer {
            StoredTaskHearer {
                !self.isDeaf.withLock(\.self)
            } didChange: { id, owner in
                #expect(owner == TaskFeedTests.owner)
                self.changes.withLock { $0.append(id) }
            } didHear: { word, id in
                self.words.withLock { $0[id, default: []].append(word) }
            }
        }
    }

    private func withReplicas(
        _ source: Source,
        at url: String? = nil,
        _ body: ([Replica], [Heard]) async throws -> Void
    ) async throws {
        try await Replica.with(3, at: url ?? PostgresCluster.emptySchema()) {
            $0.changes = source
        } _: { replicas in
            let heard = replicas.map { _ in Heard() }
            for (replica, heard) in zip(replicas, heard) {
                try await replica.store.followTasks(heard.hearer)
            }
            try await body(replicas, heard)
        }
    }

    private static func state(_ status: String, isFinal: Bool = false) -> StoredTask.State {
        StoredTask.State(
            status: status,
            isFinal: isFinal,
            statusMessage: nil,
            content: nil,
            updatedAtMilliseconds: 2_000
        )
    }

    private func task(
        _ id: String,
        _ state: StoredTask.State = state("working"),
        revision: Int64 = 0
    ) -> StoredTask {
        StoredTask(
            id: id,
            owner: Self.owner,
            tool: "dig",
            arguments: "{}",
            createdAtMilliseconds: 1_000,
            lifetimeMilliseconds: 1_000_000,
            expiresAtMilliseconds: 1_001_000,
            pollIntervalMilliseconds: 100,
            state: state,
            revision: revision
        )
    }

    private func begin(_ id: String, at replica: Replica) async throws {
        let quota = StoredTaskQuota(
            countMax: 100,
            perSubjectCountMax: 100,
            nowMilliseconds: 1_000
        )
        let admission = try await replica.store.insertTask(task(id), within: quota)
        #expect(admission == .admitted)
    }

    private func end(_ id: String, at replica: Replica, revision: Int64 = 9) async throws {
        let state = Self.state("completed", isFinal: true)
        try await replica.store.updateTask(task(id, state, revision: revision))
    }

    @Test(arguments: [Source.listening, .polling])
    func `A change is heard by the others`(source: Source) async throws {
        try await withReplicas(source) { replicas, heard in
            for id in ["a", "b", "c"] { try await begin(id, at: replicas[0]) }
            try await replicas[0].store.updateTask(task("a", Self.state("asking"), revision: 1))
            try await end("b", at: replicas[0])
            for other in heard[1...] {
                try await eventually { other.changed.isSuperset(of: ["a", "b"]) }
            }
            #expect(heard[0].changed.isEmpty)
        }
    }

    @Test(arguments: [Source.listening, .polling])
    func `A word is heard by the process that works at the task, and nobody else`(
        source: Source
    ) async throws {
        try await withReplicas(source) { replicas, heard in
            try await begin("a", at: replicas[0])
            try await begin("b", at: replicas[1])
            let words = ["é \"1\", {x}\\", "2\u{0}", ""].map {
                StoredTaskWord(topic: "topic \($0)", content: "content \($0)\n")
            }
            try await replicas[2].store.passWords(words, toTask: "a")
            try await replicas[0].store.passWords([words[0]], toTask: "b")
            // To oneself as well, if somebody says so.
            try await replicas[1].store.passWords([words[1]], toTask: "b")
            try await eventually { Set(heard[0].words("a")) == Set(words) }
            try await eventually { Set(heard[1].words("b")) == Set(words[...1]) }
            #expect(heard[0].words("b").isEmpty && heard[1].words("a").isEmpty)
            #expect(heard[2].words("a").isEmpty && heard[2].words("b").isEmpty)
        }
    }

    @Test func `A word waits for a process that does not hear, and is forgotten once it was heard`()
        async throws
    {
        let cluster = try PostgresCluster.shared.get()
        let schema = try cluster.makeSchema()
        func count() throws -> String {
            try cluster.run("SELECT count(*) FROM \(schema).martlet_task_word")
        }
        try await Replica.with(2, at: cluster.url(schema: schema)) { replicas in
            try await begin("a", at: replicas[0])
            let first = StoredTaskWord(topic: "x", content: "first")
            try await replicas[1].store.passWords([first], toTask: "a")
            let later = StoredTaskWord(topic: "x", content: "later")
            try await replicas[1].store.passWords([later], toTask: "a")
            #expect(try count() == "1\n")
            let heard = Heard()
            try await replicas[0].store.followTasks(heard.hearer)
            try await eventually { heard.words("a") == [first] }
            // There is room for another about the same.
            let again = StoredTaskWord(topic: "x", content: "again")
            while heard.words("a").count < 2 {
                try await replicas[1].store.passWords([again], toTask: "a")
            }
            #expect(heard.words("a")[..<2] == [first, again])
        }
    }

    @Test func `Nobody keeps words for a task that has ended or never was`() async throws {
        let cluster = try PostgresCluster.shared.get()
        let schema = try cluster.makeSchema()
        func count() throws -> String {
            try cluster.run("SELECT count(*) FROM \(schema).martlet_task_word")
        }
        try await Replica.with(2, at: cluster.url(schema: schema)) { replicas in
            let word = StoredTaskWord(topic: "x", content: "")
            try await begin("a", at: replicas[0])
            try await begin("b", at: replicas[0])
            try await replicas[1].store.passWords([word], toTask: "a")
            try await end("a", at: replicas[0])
            try await end("b", at: replicas[0])
            for id in ["b", "never"] {
                try await replicas[1].store.passWords([word], toTask: id)
            }
            #expect(try count() == "1\n")
            await replicas[1].store.clean(nowSeconds: 1_000)
            #expect(try count() == "0\n")
        }
    }

    @Test(arguments: [Source.listening, .polling])
    func `Whoever listens hears of the tasks of a process that has ended`(
        source: Source
    ) async throws {
        let cluster = try PostgresCluster.shared.get()
        let schema = try cluster.makeSchema()
        try await withReplicas(source, at: cluster.url(schema: schema)) { replicas, heard in
            try await begin("a", at: replicas[2])
            heard[2].wantNoChanges()
            let ending = Self.state("failed", isFinal: true)
            for replica in replicas[...1] { try await replica.store.interruptAllTasks(ending) }
            // As if it had been killed.
            _ = try cluster.run("UPDATE \(schema).martlet_task SET process = 42")
            for _ in 0..<9 { await replicas[0].store.beat() }
            #expect(try await replicas[1].store.task("a", of: Self.owner)?.state.status == "failed")
            for other in heard[...1] { try await eventually { other.changed == ["a"] } }
            #expect(heard[2].changeCount == 0)
        }
    }
}
