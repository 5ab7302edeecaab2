import MCP
import Martlet
import ProtocolTestSupport
import Synchronization
import TestSupport
import Testing

@Suite("Tasks that one process works at and another is asked about")
struct SharedTaskTests {
    /// A store as processes share it: what one does all others hear, words twice.
    private final class Hub: TaskStore {
        private struct State {
            var hearers: [TaskHearer] = []
            var words: [TaskWord] = []
            var isBroken = false
        }

        private let memory = MemoryTaskStore()
        private let state = Mutex(State())

        var isShared: Bool { true }

        /// What has been passed on.
        var words: [TaskWord] { state.withLock { $0.words } }

        func breakDown() { state.withLock { $0.isBroken = true } }

        func insert(
            _ task: TaskRecord,
            within quota: TaskQuota
        ) async throws(TaskStoreError) -> TaskAdmission {
            try await memory.insert(task, within: quota)
        }

        func update(_ task: TaskRecord) async throws(TaskStoreError) {
            try await memory.update(task)
            for hearer in state.withLock({ $0.hearers }) where hearer.wantsChanges() {
                await hearer.didChange(task.id, task.owner)
            }
        }

        func task(_ id: TaskID, of owner: TaskOwner) async throws(TaskStoreError) -> TaskRecord? {
            try await memory.task(id, of: owner)
        }

        func remove(_ id: TaskID) async throws(TaskStoreError) { try await memory.remove(id) }

        func removeExpired(atMilliseconds now: Int64) async throws(TaskStoreError) {
            try await memory.removeExpired(atMilliseconds: now)
        }

        /// Nobody ends here.
        func interruptAll(
            message: String,
            atMilliseconds now: Int64
        ) async throws(TaskStoreError) {}

        func pass(_ words: [TaskWord], to task: TaskID) async throws(TaskStoreError) {
            let hearers = state.withLock { state in
                guard !state.isBroken else { return nil as [TaskHearer]? }
                state.words += words
                return state.hearers
            }
            guard let hearers else { throw TaskStoreError(reason: "out of order") }
            for hearer in hearers + hearers {
                for word in words { await hearer.didHear(word, task) }
            }
        }

        func follow(_ hearer: TaskHearer) async throws(TaskStoreError) {
            state.withLock { $0.hearers.append(hearer) }
        }
    }

    /// Runs two servers that share a store.
    private func withPair(
        _ body: (_ one: TaskTalk, _ other: TaskTalk, Hub) async throws -> Void
    ) async throws {
        let hub = Hub()
        func configure(_ configuration: inout ServerConfiguration) {
            configuration.taskStore = hub
        }
        try await withServer(loopCount: 2, features: .long, configure) { one in
            try await withServer(loopCount: 2, features: .long, configure) { other in
                let token = try token()
                try await body(TaskTalk(one, token), TaskTalk(other, token), hub)
            }
        }
    }

    private func answer(_ name: String) -> String {
        #"{"action":"accept","content":{"name":"\#(name)"}}"#
    }

    @Test func `Answers that are given at another process reach the tool that waits`() async throws
    {
        try await withPair { one, other, hub in
            let id = try one.begin("ask")
            let asking = try await other.wait(id, for: "input_required")
            #expect(asking["inputRequests"]?["name"] != nil)
            #expect(try other.update(id, #"{"name":\#(answer("Ada"))}"#).status == 200)
            // One question at either process; both are told twice what was passed on.
            try await eventually {
                (try? one.get(id).result)?["inputRequests"]?["name-2"] != nil
            }
            #expect(try one.update(id, #"{"name-2":\#(answer("Bob"))}"#).status == 200)
            for talk in [one, other] {
                let ended = try await talk.wait(id, for: "completed")
                let text = ended["result"]?["content"]?[0]?["text"]?.string
                #expect(text == "Hello, Ada and Bob!")
            }
            #expect(hub.words.count == 1)
            // What comes after the end concerns nobody.
            #expect(try other.update(id, #"{"name-2":\#(answer("Eve"))}"#).status == 200)
            #expect(try other.cancel(id).status == 200)
            #expect(hub.words.count == 1)
        }
    }

    @Test func `An answer that is none is refused at every process in the same words`()
        async throws
    {
        try await withPair { one, other, hub in
            let id = try one.begin("ask")
            _ = try await other.wait(id, for: "input_required")
            for bad in ["7", "{}", answer(String(repeating: "x", count: 21))] {
                let there = try other.update(id, #"{"name":\#(bad)}"#)
                #expect(there.status == 400)
                #expect(there.errorCode == -32_602)
                let here = try one.update(id, #"{"name":\#(bad)}"#)
                #expect(there.json?["error"] == here.json?["error"])
            }
            #expect(try other.update(id, #"{"unasked":7}"#).status == 200)
            #expect(hub.words.isEmpty)
            #expect(try other.get(id).result?["status"]?.string == "input_required")
            #expect(try one.cancel(id).status == 200)
        }
    }

    @Test func `A task is cancelled at another process, and its tool hears of it`() async throws {
        try await withPair { one, other, hub in
            let id = try one.begin("dig")
            await one.server.gate.wait(forArrivals: 1)
            #expect(try other.cancel(id).status == 200)
            _ = try await other.wait(id, for: "cancelled")
            await one.server.journal.wait(for: "cancelled")
            #expect(try one.get(id).result?["status"]?.string == "cancelled")
            #expect(hub.words == [.cancellation])
        }
    }

    @Test func `To others a task does not exist at any process`() async throws {
        try await withPair { one, other, hub in
            let id = try one.begin("ask")
            _ = try await other.wait(id, for: "input_required")
            let eve = try TaskTalk(other.server, token("eve"))
            let never = try eve.get("never")
            #expect(never.status == 400)
            #expect(never.errorCode == -32_602)
            for refused in [
                try eve.get(id), try eve.cancel(id), try eve.update(id, #"{"name":7}"#),
            ] {
                #expect(refused.status == never.status)
                #expect(refused.json?["error"] == never.json?["error"])
            }
            #expect(hub.words.isEmpty)
            #expect(try eve.listen([id]).acknowledged == [])
            #expect(try one.cancel(id).status == 200)
        }
    }

    @Test func `Who listens at another process hears how far a task is, and how it ends`()
        async throws
    {
        try await withPair { one, other, _ in
            let id = try one.begin("ask")
            let streams = try (0..<4).map { _ in try other.listen([id]) }
            for stream in streams { #expect(stream.acknowledged == [id]) }
            _ = try await other.wait(id, for: "input_required")
            for key in ["name", "name-2"] {
                for stream in streams {
                    var news = try other.news(stream.client)
                    while news["inputRequests"]?[key] == nil {
                        news = try other.news(stream.client)
                    }
                }
                #expect(try other.update(id, #"{"\#(key)":\#(answer("Ada"))}"#).status == 200)
            }
            for stream in streams {
                var news = try other.news(stream.client)
                while news["status"]?.string != "completed" {
                    news = try other.news(stream.client)
                }
                let text = news["result"]?["content"]?[0]?["text"]?.string
                #expect(text == "Hello, Ada and Ada!")
            }
        }
    }

    @Test func `How far a tool has come is told at another process as well`() async throws {
        try await withPair { one, other, _ in
            let id = try one.begin("dig")
            try await eventually {
                (try? other.get(id).result)?["statusMessage"]?.string == "1 of 2"
            }
            one.server.gate.open()
            _ = try await other.wait(id, for: "completed")
        }
    }

    @Test func `What cannot be passed on is our own fault, and the task goes on`() async throws {
        try await withPair { one, other, hub in
            let id = try one.begin("ask")
            _ = try await other.wait(id, for: "input_required")
            hub.breakDown()
            let answers = #""inputResponses":{"name":\#(answer("Ada"))}"#
            for failed in [
                try other.request("tasks/update", id, answers),
                try other.request("tasks/cancel", id),
            ] {
                #expect(failed.errorCode == -32_603)
            }
            #expect(try one.get(id).result?["status"]?.string == "input_required")
            #expect(try one.cancel(id).status == 200)
        }
    }
}
