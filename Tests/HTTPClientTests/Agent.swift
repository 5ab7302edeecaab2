import HTTPClient
import Libuv
import TestSupport

/// A client on a loop of its own, called from anywhere.
actor Agent {
    private let loop: EventLoop
    private var client: CurlClient?

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    init(on loop: EventLoop) {
        self.loop = loop
    }

    func open(_ limits: HTTPClientLimits, caFile: String?) {
        client = CurlClient(on: loop, limits: limits, userAgent: "martlet/test", caFile: caFile)
    }

    func get(_ url: String) async throws -> HTTPClientResponse {
        try await send(HTTPClientRequest(try HTTPClientURL(url)))
    }

    func send(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        try await answer(request)
    }

    /// Why there was no answer; `nil` if there was one.
    func failure(of url: String) async -> HTTPClientError.Reason? {
        do throws(HTTPClientError) {
            _ = try await answer(HTTPClientRequest(try HTTPClientURL(url)))
            return nil
        } catch {
            return error.reason
        }
    }

    private func answer(
        _ request: HTTPClientRequest
    ) async throws(HTTPClientError) -> HTTPClientResponse {
        guard let client else { throw HTTPClientError(.closed, url: "") }
        return try await client.send(request)
    }

    func close() {
        client?.close()
    }
}

/// Runs `body` with a server that follows a script and a client, each on a loop of its own.
func withAgent(
    caFile: String? = nil,
    _ script: @escaping @Sendable (ScriptedServer.Request) -> ScriptedServer.Reply = { _ in
        .silence
    },
    limits limit: (inout HTTPClientLimits) -> Void = { _ in },
    _ body: (Agent, ScriptedServer) async throws -> Void
) async throws {
    var limits = HTTPClientLimits()
    // Far away, so that no test meets a time limit that it does not set.
    limits.totalSeconds = 600
    limits.connectSeconds = 600
    limit(&limits)
    let group = try EventLoopGroup(count: 2)
    do {
        try await onThreads {
            let server = try ScriptedServer(on: group.loops[0], script)
            try await server.listen()
            let agent = Agent(on: group.loops[1])
            await agent.open(limits, caFile: caFile)
            do {
                try await body(agent, server)
            } catch {
                await agent.close()
                await server.stop()
                throw error
            }
            await agent.close()
            await server.stop()
        }
    } catch {
        group.stop()
        throw error
    }
    group.stop()
}
