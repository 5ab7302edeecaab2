import Libuv
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Calls that take long")
struct SlowCallTests {
    /// What is logged of a server whose tools wait until the test has waited.
    private func log(
        slowCallMilliseconds: Int?,
        callCount: Int,
        loopCount: Int = 1
    ) async throws -> String {
        let output = LogOutput()
        try await withServer(
            loopCount: loopCount,
            logger: output.logger,
            {
                $0.slowCallMilliseconds = slowCallMilliseconds
                // No second passes within a test.
                $0.transport.tickMilliseconds = 60_000
            }
        ) { server in
            let clients = try (0..<callCount).map { _ in try server.connect() }
            let token = try token("ada lovelace")
            for client in clients { try client.send(.message(.call("wait"), token: token)) }
            await server.gate.wait(forArrivals: callCount)
            let start = MonotonicClock.nanoseconds()
            while MonotonicClock.nanoseconds() - start < 5_000_000 { await Task.yield() }
            server.gate.open()
            for client in clients { _ = try client.receive() }
            _ = try server.exchange(.modern("tools/list"), token: token)
        }
        return output.text
    }

    @Test func `A call beyond the limit is a line that says where the time went`() async throws {
        let lines = try await log(slowCallMilliseconds: 2, callCount: 1)
            .split(separator: "\n").filter { $0.contains("slow call: tools/call wait") }
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(line.contains("slow call: tools/call wait took "))
        #expect(line.firstMatch(of: /\(receive \d+ ms, decide \d+ ms, run (\d+) ms\)/) != nil)
        let run = line.firstMatch(of: /run (\d+) ms/).flatMap { Int($0.1) } ?? 0
        #expect(run >= 5)
    }

    @Test func `A call within the limit is none, and without a limit there is none`() async throws {
        #expect(try await !log(slowCallMilliseconds: 600_000, callCount: 1).contains("slow call"))
        #expect(try await !log(slowCallMilliseconds: nil, callCount: 1).contains("slow call"))
    }

    @Test func `Ten of a second are told, and not one more`() async throws {
        for (count, told) in [(10, 10), (11, 10)] {
            let text = try await log(slowCallMilliseconds: 2, callCount: count)
            #expect(text.ranges(of: "slow call: tools/call wait").count == told)
        }
    }
}
