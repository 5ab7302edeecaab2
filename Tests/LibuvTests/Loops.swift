import Libuv
import TestSupport

/// Runs `body`, which may block, with loops that are stopped afterwards.
func withLoops(_ count: Int, _ body: ([EventLoop]) async throws -> Void) async throws {
    let group = try EventLoopGroup(count: count)
    do {
        try await onThreads { try await body(group.loops) }
    } catch {
        group.stop()
        throw error
    }
    group.stop()
}
