import AccessControl
import Bytes
import JSON
import JSONSchema
import Logging
import MCP
import Martlet
import ProtocolTestSupport
import Synchronization
import TestSupport
import Testing

@Suite("The time of tasks, and stores that fail")
struct TaskKeeperTests {
    @Test func `A task is forgotten when its time is up, ended or not`() async throws {
        let keeper = try TestKeeper {
            $0.lifetimeSeconds = 100
            $0.runSeconds = 100
        }
        let ended = try await keeper.create()
        await keeper.keeper.finish(ended, keeper.call, .tool(.text("done")))
        let running = try await keeper.create()
        for (milliseconds, isThere) in [(99_999, true), (1, false)] {
            keeper.pass(milliseconds: Int64(milliseconds))
            #expect(try await keeper.status(ended) == (isThere ? "completed" : nil))
            #expect(try await keeper.status(running) == (isThere ? "working" : nil))
        }
        // The tool that still runs is stopped.
        let stopped = Journal<String>()
        let gate = Gate()
        let run = Task {
            await withTaskCancellationHandler {
                await gate.pass()
            } onCancel: {
                stopped.note("stopped")
            }
        }
        keeper.keeper.didStart(running, run)
        await keeper.keeper.tick()
        await stopped.wait(for: "stopped")
        gate.open()
    }

    @Test func `A tool has so many seconds to work, waiting for the client not counted`()
        async throws
    {
        let keeper = try TestKeeper { $0.runSeconds = 3 }
        let id = try await keeper.create()
        let asked = keeper.startAsking(id)
        try await keeper.wait(id, for: "input_required")
        for _ in 0..<10 { await keeper.keeper.tick() }
        #expect(try await keeper.status(id) == "input_required")
        let asking = try #require(try await keeper.record(id))
        try await keeper.keeper.answer(
            asking,
            ["name": RawJSON(parsing: #"{"action":"decline"}"#)]
        )
        #expect(await asked.value)
        for second in 1...3 {
            await keeper.keeper.tick()
            #expect(try await keeper.status(id) == "working", "\(second)")
        }
        await keeper.keeper.tick()
        let task = try #require(try await keeper.record(id))
        #expect(task.status.name == "completed")
        #expect(task.status.content?.description.contains("within 3 seconds") == true)
    }

    @Test func `An end is told when the store has it, and it is tried again`() async throws {
        let store = UnreliableStore()
        let keeper = try TestKeeper(store: store)
        let id = try await keeper.create()
        store.fail()
        await keeper.keeper.finish(id, keeper.call, .tool(.text("done")))
        #expect(try await keeper.status(id) == "working")
        // It has ended all the same.
        try await keeper.keeper.cancel(#require(try await keeper.record(id)))
        await keeper.keeper.tick()
        #expect(try await keeper.status(id) == "working")
        store.recover()
        await keeper.keeper.tick()
        #expect(try await keeper.status(id) == "completed")
        // Forgotten here, it is in the store.
        for _ in 0..<12 { await keeper.keeper.tick() }
        #expect(try await keeper.status(id) == "completed")
    }

    @Test func `A task that cannot be kept is none`() async throws {
        let store = UnreliableStore()
        let keeper = try TestKeeper(store: store) { $0.runningCountMax = 1 }
        store.fail()
        for _ in 0..<3 {
            guard case .refused(.unavailable) = await keeper.make() else {
                Issue.record("there is a task")
                return
            }
        }
        // The failures hold no places.
        store.recover()
        _ = try await keeper.create()
        guard case .refused(.rejected) = await keeper.make() else {
            Issue.record("there are two tasks")
            return
        }
    }

    @Test func `A part of a tool that is cancelled while it asks withdraws its question`()
        async throws
    {
        let keeper = try TestKeeper()
        let id = try await keeper.create()
        let asked = keeper.startAsking(id)
        try await keeper.wait(id, for: "input_required")
        asked.cancel()
        #expect(await asked.value == false)
        #expect(try await keeper.status(id) == "working")
        // Cancelled before it asks.
        let late = keeper.startAsking(id)
        late.cancel()
        #expect(await late.value == false)
        #expect(try await keeper.status(id) == "working")
    }
}

private struct NoTask: Error {}

/// A keeper whose clock a test turns.
private struct TestKeeper: Sendable {
    private final class Clock: Sendable {
        private let milliseconds = Mutex<Int64>(1_800_000_000_000)
        func pass(_ passed: Int64) { milliseconds.withLock { $0 += passed } }
        var now: Int64 { milliseconds.withLock(\.self) }
    }

    let keeper: TaskKeeper
    let call: FeatureCall
    private let clock: Clock
    private let owner = TaskOwner(
        subject: Subject(issuer: "https://issuer.example", name: "ada"),
        workspace: "default"
    )

    init(
        store: any TaskStore = MemoryTaskStore(),
        _ configure: (inout TaskLimits) -> Void = { _ in }
    ) throws {
        var limits = TaskLimits()
        configure(&limits)
        let clock = Clock()
        self.clock = clock
        keeper = TaskKeeper(
            limits,
            store: store,
            changes: ChangeAnnouncer(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { clock.now }
        )
        call = try Self.makeCall(of: owner.subject)
    }

    func pass(milliseconds: Int64) { clock.pass(milliseconds) }

    func make() async -> TaskKeeper.Creation {
        await keeper.create(call, of: owner)
    }

    func create() async throws -> TaskID {
        guard case .created(let task) = await make() else { throw NoTask() }
        keeper.didStart(task.id, Task {})
        return task.id
    }

    func record(_ id: TaskID) async throws -> TaskRecord? {
        try await keeper.record(id, of: owner)
    }

    func status(_ id: TaskID) async throws -> String? {
        try await record(id)?.status.name
    }

    func wait(_ id: TaskID, for status: String) async throws {
        while try await self.status(id) != status { await Task.yield() }
    }

    /// Asks for a name, as a tool would.
    ///
    /// - Returns: Whether there was an answer.
    func startAsking(_ id: TaskID) -> Task<Bool, Never> {
        let context = RequestContext(
            call,
            principal: Principal(
                subject: owner.subject,
                workspace: .shared,
                rights: .none
            ),
            nowSeconds: 0,
            loopIndex: 0,
            task: keeper.link(to: id)
        )
        return Task {
            do throws(RequestFailure) {
                _ = try await context.elicit("name", "Who?", ElicitationForm([.text("name")]))
                return true
            } catch {
                return false
            }
        }
    }

    private static func makeCall(of subject: Subject) throws -> FeatureCall {
        let tool = Tool(
            name: "dig",
            description: "Digs.",
            input: ObjectSchema([]),
            permission: .readTodos,
            taskSupport: .optional
        ) { _, _ in .text("dug") }
        let policy = try AccessPolicy(declaring: Permission.todoService)
        let dispatcher = try Dispatcher(
            description: ServerDescription(name: "test", version: "1"),
            registry: FeatureRegistry(ServerFeatures(tools: [tool])),
            policy: policy
        )
        let message = Message.call("dig", meta: TaskTalk.meta)
        var fields = MirroredFields()
        for field in message.fields {
            let value = Array(field.value.utf8)
            switch field.name {
            case MirroredFields.versionName: fields.version.add(value.span)
            case MirroredFields.methodName: fields.method.add(value.span)
            default: fields.name.add(value.span)
            }
        }
        let body = Array(message.body.utf8)
        var buffer = ByteBuffer()
        let caller = Principal(
            subject: subject,
            workspace: .shared,
            rights: policy.rights(roles: ["admin"], scope: nil, permissions: nil)
        )
        let dispatch = dispatcher.dispatch(
            body.span,
            fields: fields,
            session: nil,
            caller: caller,
            into: &buffer
        )
        guard case .call(let call) = dispatch else { throw NoTask() }
        return call
    }
}

/// A store in memory that refuses everything when told so.
private final class UnreliableStore: TaskStore {
    private let memory = MemoryTaskStore()
    private let isFailing = Mutex(false)

    func fail() { isFailing.withLock { $0 = true } }
    func recover() { isFailing.withLock { $0 = false } }

    private func check() throws(TaskStoreError) {
        if isFailing.withLock(\.self) { throw TaskStoreError(reason: "told so") }
    }

    func insert(
        _ task: TaskRecord,
        within quota: TaskQuota
    ) async throws(TaskStoreError) -> TaskAdmission {
        try check()
        return try await memory.insert(task, within: quota)
    }

    func update(_ task: TaskRecord) async throws(TaskStoreError) {
        try check()
        try await memory.update(task)
    }

    func task(_ id: TaskID, of owner: TaskOwner) async throws(TaskStoreError) -> TaskRecord? {
        try check()
        return try await memory.task(id, of: owner)
    }

    func remove(_ id: TaskID) async throws(TaskStoreError) {
        try check()
        try await memory.remove(id)
    }

    func removeExpired(atMilliseconds now: Int64) async throws(TaskStoreError) {
        try check()
        try await memory.removeExpired(atMilliseconds: now)
    }

    func interruptAll(
        message: String,
        atMilliseconds now: Int64
    ) async throws(TaskStoreError) {
        try check()
        try await memory.interruptAll(message: message, atMilliseconds: now)
    }
}
