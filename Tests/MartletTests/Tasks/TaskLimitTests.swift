import MCP
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Limits on tasks")
struct TaskLimitTests {
    /// How many of these calls become tasks before one is refused.
    private func taskCount(_ talk: TaskTalk, of tool: String, most: Int) throws -> Int {
        for count in 0..<most {
            let response = try talk.call(tool)
            if response.result?["resultType"]?.string == "task" { continue }
            #expect(response.status == 200)
            #expect(response.result?["isError"]?.bool == true)
            #expect(response.toolText?.isEmpty == false)
            return count
        }
        return most
    }

    @Test func `So many tasks run at once, and one that has ended makes room`() async throws {
        try await withServer(loopCount: 2, features: .long) {
            $0.taskLimits.runningCountMax = 3
        } _: { server in
            let talk = try TaskTalk(server)
            #expect(try taskCount(talk, of: "dig", most: 6) == 3)
            let other = try TaskTalk(server, token("eve"))
            #expect(try taskCount(other, of: "dig", most: 1) == 0)
            server.gate.open()
            await server.journal.wait(for: "finished", count: 3)
            try await eventually {
                (try? other.call("dig").result?["resultType"]?.string) == "task"
            }
        }
    }

    @Test func `A subject has so many tasks, those that have ended included`() async throws {
        try await withServer(loopCount: 2, features: .long) {
            $0.taskLimits.perSubjectCountMax = 3
        } _: { server in
            let own = try taskCount(TaskTalk(server), of: "refuse", most: 6)
            #expect(own == 3)
            let other = try taskCount(TaskTalk(server, token("eve")), of: "refuse", most: 6)
            #expect(other == 3)
        }
    }

    @Test func `The store has so many tasks`() async throws {
        try await withServer(features: .long) {
            $0.taskLimits.countMax = 4
            $0.taskLimits.perSubjectCountMax = 3
        } _: { server in
            let own = try taskCount(TaskTalk(server), of: "refuse", most: 6)
            #expect(own == 3)
            let other = try taskCount(TaskTalk(server, token("eve")), of: "refuse", most: 6)
            #expect(other == 1)
        }
    }

    @Test func `A result that is too large becomes an error for the model`() async throws {
        // What the result has besides its text.
        let rest = """
            {"content":[{"type":"text","text":""}],"resultType":"complete",\
            "_meta":{"io.modelcontextprotocol/serverInfo":\
            {"name":"test","title":"Test","version":"7"}}}
            """.utf8.count
        try await withServer(features: .long) {
            $0.taskLimits.resultByteCountMax = rest + 1_000
        } _: { server in
            let talk = try TaskTalk(server)
            for (count, isError) in [(1_000, nil), (1_001, true)] {
                let id = try talk.begin("grow", #"{"bytes":\#(count)}"#)
                let ended = try await talk.wait(id, for: "completed")
                #expect(ended["result"]?["isError"]?.bool == isError, "\(count)")
            }
        }
    }

    @Test func `A task is not bound by the limit on calls, but by its own`() async throws {
        try await withServer(features: .long) {
            $0.transport.responseSeconds = 1
            $0.taskLimits.runSeconds = 200
        } _: { server in
            let talk = try TaskTalk(server)
            let id = try talk.begin("dig")
            let call = try talk.call("dig", meta: Message.meta)
            #expect(call.result?["isError"]?.bool == true)
            #expect(try talk.get(id).result?["status"]?.string == "working")
            let ended = try await talk.wait(id, for: "completed")
            #expect(ended["result"]?["isError"]?.bool == true)
            await server.journal.wait(for: "cancelled", count: 2)
        }
    }
}
