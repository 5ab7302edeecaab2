import AgentLoad
import Bytes
import Histogram
import Libuv
import Testing

@Suite("Agents under way")
struct FleetTests {
    /// Loads a server for a fifth of a second: every agent has listed the tools once before.
    private func load(
        _ server: FakeServer,
        mix: String = "list_todos",
        eras: String = "modern",
        loop: LoadPhase.Loop = .closed(thinkNanoseconds: 0),
        _ change: (inout LoadPlan) -> Void = { _ in }
    ) throws -> Tally {
        var plan = LoadPlan(
            address: server.address,
            host: "\(server.address)",
            path: "/mcp",
            agentCount: 4,
            operations: try Mix(mix),
            roles: try Mix("user"),
            eras: try Mix(eras),
            mint: .given([ByteBuffer("header.payload.signature")])
        )
        change(&plan)
        let fleet = try Fleet(plan, watching: [])
        let phase = LoadPhase(
            loop: loop,
            warmUpNanoseconds: 0,
            windowNanoseconds: 200_000_000,
            drainNanoseconds: 5_000_000_000
        )
        return fleet.run(phase) { _ in }.tally
    }

    /// The right answer while the agents get ready, another one afterwards.
    private func server(_ answer: @escaping @Sendable (FakeServer.Request) -> FakeServer.Reply)
        throws
        -> FakeServer
    {
        try FakeServer { $0.contains("tools/list") ? .right : answer($0) }
    }

    @Test func `Every call is answered, and its answer is the one to it`() throws {
        let server = try server { _ in .right }
        defer { server.stop() }
        let tally = try load(server, mix: "list_todos,add_todo,complete_todo")
        #expect(tally.total.succeeded > 0)
        #expect(tally.total.succeeded == tally.total.count)
        #expect(tally.failures == [:])
        #expect(tally.total.latencies.totalCount == tally.total.succeeded)
        #expect(tally.connectionsOpened == 0)
        // Nobody completes what it has not added.
        let bodies = server.received.map(\.body).filter { $0.contains("complete_todo") }
        #expect(!bodies.isEmpty)
        #expect(!bodies.contains { $0.contains(#""arguments":{"id":0}"#) })
    }

    @Test(arguments: [
        (FakeServer.Reply.status(500), FailureKind.status(500)),
        (.status(200, body: "constant"), .notJSONRPC),
        (.status(200, body: #"{"jsonrpc":"2.0","id":0,"result":{"content":[]}}"#), .wrongID),
        (.status(429), .status(429)),
        (.status(503), .status(503)),
        (.status(401), .status(401)),
        (.close, .lost),
    ])
    func `What is no right answer is a failure of its kind and no success`(
        reply: FakeServer.Reply,
        kind: FailureKind
    ) throws {
        let server = try server { _ in reply }
        defer { server.stop() }
        let tally = try load(server)
        #expect(tally.total.succeeded == 0)
        #expect(tally.total.failed > 0)
        #expect(Array(tally.failures.keys) == [kind])
    }

    @Test func `A forged token and a forbidden call are right when they are refused`() throws {
        let server = try FakeServer { request in
            if request.contains("delete_todo") { return .status(403) }
            return request.contains("payload.signature") ? .right : .status(401)
        }
        defer { server.stop() }
        let tally = try load(server, mix: "forged,forbidden,list_todos")
        #expect(tally[.forged].succeeded > 0)
        #expect(tally[.forbidden].succeeded > 0)
        #expect(tally.failures == [:])

        let careless = try FakeServer { _ in .right }
        defer { careless.stop() }
        let other = try load(careless, mix: "forged,forbidden")
        #expect(other.total.succeeded == 0)
        #expect(other.failures.keys.contains(.status(200)))
    }

    @Test func `What is to be retried is, with the same key, and is no failure`() throws {
        let server = try server { request in
            request.number.isMultiple(of: 3) ? .status(503, fields: "Retry-After: 0\r\n") : .right
        }
        defer { server.stop() }
        let tally = try load(server, mix: "add_todo") { $0.retriable = [.overloaded] }
        #expect(tally.total.succeeded > 0)
        #expect(tally.total.succeeded == tally.total.count)
        #expect((tally.retries[.status(503)] ?? 0) > 0)
        let keys = server.received.compactMap { request in
            request.body.firstMatch(of: /"idempotency_key":"([^"]+)"/).map { String($0.1) }
        }
        // One more request than keys for each that was refused.
        #expect(keys.count > Set(keys).count)
        #expect(Set(keys).count >= Int(tally.total.succeeded))
    }

    @Test func `Who sees nothing but refusals until patience ends was refused and has not failed`()
        throws
    {
        let server = try server { _ in .status(503) }
        defer { server.stop() }
        let tally = try load(server) {
            $0.retriable = [.overloaded]
            $0.patienceNanoseconds = 150_000_000
        }
        #expect(tally.total.succeeded == 0)
        #expect(tally.total.failed == 0)
        #expect(tally.total.refused > 0)
    }

    @Test func `A legacy agent opens a session first and begins another when it is gone`() throws {
        let server = try FakeServer { request in
            if request.contains(#""method":"initialize""#) {
                let body = #"{"jsonrpc":"2.0","id":\#(request.id),"result":{}}"#
                return .status(200, fields: "Mcp-Session-Id: s\(request.number)\r\n", body: body)
            }
            if request.contains("notifications/initialized") { return .status(202) }
            guard request.contains("Mcp-Session-Id: s") else { return .status(400) }
            return request.number == 40 ? .status(404) : .right
        }
        defer { server.stop() }
        let tally = try load(server, eras: "legacy")
        #expect(tally.failures == [:])
        #expect(tally.total.succeeded > 0)
        #expect(tally.sessionsOpened == 1)
    }

    @Test
    func `An open loop counts every call that was due, and those nobody came to make as failed`()
        throws
    {
        let server = try server { _ in .silence }
        defer { server.stop() }
        var plan = LoadPlan(
            address: server.address,
            host: "x",
            path: "/mcp",
            agentCount: 2,
            operations: try Mix("list_todos"),
            roles: try Mix("user"),
            eras: try Mix("modern"),
            mint: .given([ByteBuffer("a.b.c")])
        )
        plan.seed = 5
        let fleet = try Fleet(plan, watching: [])
        let phase = LoadPhase(
            loop: .open(ratePerSecond: 100, spacing: .even),
            warmUpNanoseconds: 0,
            windowNanoseconds: 200_000_000,
            drainNanoseconds: 10_000_000
        )
        let tally = fleet.run(phase) { _ in }.tally
        #expect(tally.total.failed == 20)
        #expect(tally.failures == [.unanswered: 20])

        // The fleet is of use again: the connections that never answered are gone.
        let second = fleet.run(phase) { _ in }.tally
        #expect(second.total.failed == 20)
    }

    @Test func `A server that refuses its agents keeps the fleet from being made`() throws {
        let server = try FakeServer { _ in .status(401) }
        defer { server.stop() }
        #expect(throws: LoadError.self) { try load(server) }
    }
}
