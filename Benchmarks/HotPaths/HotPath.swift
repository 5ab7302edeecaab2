import Libuv

/// A piece of the request path that is measured by itself.
///
/// The same work is counted by the instruction gate and timed by the micro-benchmarks.
public struct HotPath: Sendable {
    /// Does the work so many times; throws if it came to something else than it should.
    public typealias Run = (_ count: Int) async throws -> Void

    /// What one iteration is.
    public let name: String

    /// Iterations that are counted by the gate: as many as make a few million instructions.
    public let countedIterations: Int

    /// Gets ready what is not measured, on the loop's thread.
    let prepare: @Sendable (EventLoopGroup) async throws -> Run

    init(
        _ name: String,
        countedIterations: Int,
        prepare: @escaping @Sendable (EventLoopGroup) async throws -> Run
    ) {
        self.name = name
        self.countedIterations = countedIterations
        self.prepare = prepare
    }

    /// All of them, in the order a request meets them.
    public static let all: [HotPath] =
        reading + tokens + messages + answering + stores
}

/// Work that did not come to what it should: whatever was counted is worth nothing.
struct HotPathFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Runs hot paths on a loop, as a server does.
public actor HotPathRunner {
    private let group: EventLoopGroup
    private nonisolated let loop: EventLoop
    private var work: HotPath.Run?

    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    /// - Throws: ``LibuvError`` if there is no loop to be had.
    public init() throws(LibuvError) {
        group = try EventLoopGroup(count: 1)
        loop = group.loops[0]
    }

    /// What tasks that call the runner prefer, so that nothing leaves the loop.
    public nonisolated var executor: any TaskExecutor { loop }

    /// Lets `body` run on the loop and waits for its end, blocking the calling thread.
    ///
    /// For callgrind, which does not survive what a main thread does that awaits.
    public nonisolated func waitFor(_ body: @escaping @Sendable () async throws -> Void) throws {
        let end = Mailbox<(any Error)?>(countMax: 1)
        Task(executorPreference: loop) {
            do {
                try await body()
                _ = end.send(nil)
            } catch {
                _ = end.send(error)
            }
        }
        if let error = end.receiveAll()?.first ?? nil { throw error }
    }

    /// Gets one path ready, in the place of another.
    public func prepare(_ path: HotPath) async throws {
        work = nil
        work = try await path.prepare(group)
    }

    /// Does the work of the path that is ready so many times.
    public func run(_ count: Int) async throws {
        try await work?(count)
    }
}
