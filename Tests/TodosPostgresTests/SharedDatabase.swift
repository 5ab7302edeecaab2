import Libuv
import PostgresClient
import Synchronization
import TestSupport
import Testing
import Todos
import TodosPostgres

/// A store as a process of its own would have it, over a schema that others share.
struct Replica: Sendable {
    let store: PostgresTodoStore
    let heard: Heard
    let events: Events
    private let group: EventLoopGroup

    final class Heard: Sendable {
        private let changes = Mutex<[TodoChange]>([])

        func append(_ change: TodoChange) { changes.withLock { $0.append(change) } }
        var all: [TodoChange] { changes.withLock { $0 } }
    }

    final class Events: Sendable {
        private let events = Mutex<[PostgresEvent]>([])

        func append(_ event: PostgresEvent) { events.withLock { $0.append(event) } }
        var all: [PostgresEvent] { events.withLock { $0 } }
    }

    /// Calls the closure with replicas that are there for as long as the call.
    static func with(
        _ count: Int,
        at url: String,
        loopCount: Int = 1,
        _ configure: (inout PostgresTodoStore.Configuration) -> Void = { _ in },
        _ body: ([Replica]) async throws -> Void
    ) async throws {
        var configuration = PostgresTodoStore.Configuration(url: try PostgresURL(url))
        configuration.limits.requestSeconds = 60
        configure(&configuration)
        let fixed = configuration
        let replicas = try await withThrowingTaskGroup(of: Replica.self) { group in
            for _ in 0..<count {
                group.addTask { try await Replica(fixed, loopCount: loopCount) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        do {
            try await body(replicas)
        } catch {
            for replica in replicas { await replica.end() }
            throw error
        }
        for replica in replicas { await replica.end() }
    }

    private init(
        _ configuration: PostgresTodoStore.Configuration,
        loopCount: Int
    ) async throws {
        let group = try EventLoopGroup(count: loopCount)
        let (heard, events) = (Heard(), Events())
        self.group = group
        self.heard = heard
        self.events = events
        do {
            store = try await PostgresTodoStore.open(
                configuration,
                on: group,
                hearing: .init(isWanted: { true }, didHear: { heard.append($0) })
            ) { events.append($0) }
        } catch {
            group.stop()
            throw error
        }
    }

    private func end() async {
        await store.close()
        group.stop()
    }

    /// Adds a to-do on behalf of Ada.
    func add(
        _ title: String,
        in workspace: String = "home",
        key: String? = nil
    ) async throws -> TodoWriteResult {
        try await write(.add(title: try TodoTitle(title)), in: workspace, key: key)
    }

    func write(
        _ write: TodoWrite,
        in workspace: String = "home",
        key: String? = nil,
        now: Int64 = 1_000
    ) async throws -> TodoWriteResult {
        let ada = TodoCaller(workspace: workspace, issuer: "https://a", subject: "ada")
        let key = try key.map { key throws(IdempotencyKeyError) in try IdempotencyKey(key) }
        return try await store.apply(
            TodoWriteRequest(write, by: ada, idempotencyKey: key, now: now)
        )
    }

    func titles(in workspace: String = "home") async throws -> [String] {
        var titles: [String] = []
        var after: Int64?
        repeat {
            let page = try await store.page(TodoQuery(after: after, limit: 100), in: workspace)
            titles += page.todos.map(\.title)
            after = page.nextAfter
        } while after != nil
        return titles
    }
}

extension PostgresCluster {
    /// A URL of an empty schema on the cluster that tests share.
    static func emptySchema() throws -> String {
        let cluster = try shared.get()
        return try cluster.url(schema: cluster.makeSchema())
    }
}

/// What a suite needs that uses PostgreSQL.
extension Trait where Self == ConditionTrait {
    static var needsPostgreSQL: Self {
        .enabled(if: PostgresCluster.reasonToSkip == nil, "PostgreSQL is not installed")
    }
}
