import Libuv
import PostgresClient
import Synchronization
import TestSupport
import Testing

/// A pool on a loop of its own, called from anywhere.
final class PoolRig: Sendable {
    typealias Answer = Result<[PostgresRows], PostgresError>

    private let pool: LoopBound<PostgresPool>

    /// Requests that wait for a connection.
    let waiting: WaitingGauge
    let events: EventList

    final class EventList: Sendable {
        private let events = Mutex<[PostgresEvent]>([])

        func append(_ event: PostgresEvent) { events.withLock { $0.append(event) } }
        var all: [PostgresEvent] { events.withLock { $0 } }
    }

    /// Calls the closure with a pool that is there for as long as the call.
    static func with(
        _ url: String,
        _ limits: PostgresLimits = PostgresLimits(requestSeconds: 60),
        preparing preparation: PostgresPreparation = PostgresPreparation(),
        _ body: (PoolRig) async throws -> Void
    ) async throws {
        let url = try PostgresURL(url)
        let group = try EventLoopGroup(count: 1)
        defer { group.stop() }
        let rig = await PoolRig(url, limits, preparation, on: group.loops[0])
        do {
            try await body(rig)
        } catch {
            await rig.close()
            throw error
        }
        await rig.close()
    }

    private init(
        _ url: PostgresURL,
        _ limits: PostgresLimits,
        _ preparation: PostgresPreparation,
        on loop: EventLoop
    ) async {
        let events = EventList()
        self.events = events
        (pool, waiting) = await withCheckedContinuation { continuation in
            loop.submit {
                let pool = PostgresPool(url, preparing: preparation, limits, on: loop) {
                    events.append($0)
                }
                continuation.resume(returning: (LoopBound(pool, on: loop), pool.waitingGauge))
            }
        }
    }

    func run(_ calls: [PostgresCall]) async -> Answer {
        await withCheckedContinuation { continuation in
            pool.runLater { $0.run(calls) { continuation.resume(returning: $0) } }
        }
    }

    /// The first field of what one statement returns.
    func text(_ sql: String, _ parameters: PostgresValue...) async throws -> String {
        let statement = PostgresStatement(sql, to: "test")
        let call = PostgresCall(statement: statement, parameters: parameters)
        return try #require(try await run([call]).get().first).text(0, 0)
    }

    /// Why a statement failed.
    func failure(_ sql: String, _ parameters: PostgresValue...) async -> PostgresError? {
        let statement = PostgresStatement(sql, to: "test")
        let call = PostgresCall(statement: statement, parameters: parameters)
        guard case .failure(let error) = await run([call]) else { return nil }
        return error
    }

    func close() async {
        await withCheckedContinuation { continuation in
            pool.runLater { pool in
                pool.close()
                continuation.resume()
            }
        }
    }
}
