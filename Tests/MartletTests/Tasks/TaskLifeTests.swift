import MCP
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Tasks from their beginning to their end (ext-tasks 2026-07-28)")
struct TaskLifeTests {
    private func text(_ task: JSONTree) -> String? {
        task["result"]?["content"]?[0]?["text"]?.string
    }

    @Test func `A long call is answered at once with a task, which later has the result`()
        async throws
    {
        try await withServer(loopCount: 2, features: .long) { server in
            let talk = try TaskTalk(server)
            let id = try talk.begin("dig")
            // From either loop.
            for _ in 0..<12 {
                let task = try talk.get(id).result
                #expect(task?["status"]?.string == "working")
                #expect(task?["statusMessage"]?.string == "1 of 2")
                #expect(task?["ttlMs"]?.integer == 7_200_000)
                #expect(task?["pollIntervalMs"]?.integer == 2_000)
            }
            server.gate.open()
            let ended = try await talk.wait(id, for: "completed")
            #expect(text(ended) == "dug as a task")
            #expect(ended["result"]?["resultType"]?.string == "complete")
            // It stays as it is.
            #expect(try talk.cancel(id).status == 200)
            for _ in 0..<6 {
                let again = try talk.get(id).result
                #expect(again?["status"]?.string == "completed")
                #expect(again?["lastUpdatedAt"] == ended["lastUpdatedAt"])
            }
        }
    }

    @Test func `A client that does not declare the extension waits for its result`() async throws {
        try await withServer(features: .long) { server in
            server.gate.open()
            let talk = try TaskTalk(server)
            let response = try talk.call("dig", meta: Message.meta)
            #expect(response.toolText == "dug")
            #expect(response.result?["resultType"]?.string == "complete")
            #expect(try talk.call("quick").result?["resultType"]?.string == "complete")
        }
    }

    @Test func `A tool's error is a result, and a defect of the server a failure`() async throws {
        try await withServer(features: .long) { server in
            let talk = try TaskTalk(server)
            let refused = try await talk.wait(try talk.begin("refuse"), for: "completed")
            #expect(refused["result"]?["isError"]?.bool == true)
            #expect(text(refused) == "There is nothing to dig.")
            let failed = try await talk.wait(try talk.begin("fail"), for: "failed")
            #expect(failed["error"]?["code"]?.integer == -32_603)
            #expect(failed["statusMessage"]?.string == "Internal error")
            #expect(failed["result"] == nil)
        }
    }

    @Test func `Arguments that do not satisfy the schema never become a task`() async throws {
        try await withServer(features: .long) { server in
            let response = try TaskTalk(server).call("grow", #"{"bytes":-1}"#)
            #expect(response.result?["resultType"]?.string == "complete")
            #expect(response.result?["isError"]?.bool == true)
        }
    }

    @Test func `A cancelled task is cancelled for good, and its tool hears of it`() async throws {
        try await withServer(loopCount: 2, features: .long) { server in
            let talk = try TaskTalk(server)
            let id = try talk.begin("dig")
            #expect(try talk.cancel(id).status == 200)
            #expect(try talk.get(id).result?["status"]?.string == "cancelled")
            await server.journal.wait(for: "cancelled")
            server.gate.open()
            await server.journal.wait(for: "finished")
            for _ in 0..<6 {
                #expect(try talk.get(id).result?["status"]?.string == "cancelled")
                #expect(try talk.cancel(id).status == 200)
                #expect(try talk.update(id, "{}").status == 200)
            }
        }
    }

    @Test func `Closing the connection after the answer cancels nothing`() async throws {
        try await withServer(features: .long) { server in
            let talk = try TaskTalk(server)
            var client: Client? = try server.connect()
            let call = Message.call("dig", meta: TaskTalk.meta)
            let response = try client?.exchange(.message(call, token: talk.token))
            let id = try #require(response?.result?["taskId"]?.string)
            client = nil
            server.gate.open()
            _ = try await talk.wait(id, for: "completed")
            #expect(server.journal.count(of: "cancelled") == 0)
        }
    }

    @Test func `A tool asks while it runs, and goes on with the answers`() async throws {
        try await withServer(loopCount: 2, features: .long) { server in
            let talk = try TaskTalk(server)
            let id = try talk.begin("ask")
            let first = try await talk.wait(id, for: "input_required")
            let question = first["inputRequests"]?["name"]
            #expect(question?["method"]?.string == "elicitation/create")
            #expect(question?["params"]?["message"]?.string == "Who?")

            // None to the question, and none at all.
            let bad = try talk.update(id, #"{"name":{"action":"accept","content":{"name":7}}}"#)
            #expect(bad.status == 400)
            #expect(bad.errorCode == -32_602)
            #expect(try talk.update(id, #"{"other":{"action":"decline"}}"#).status == 200)
            #expect(try talk.get(id).result?["status"]?.string == "input_required")

            let ada = #"{"action":"accept","content":{"name":"ada"}}"#
            #expect(try talk.update(id, #"{"name":\#(ada)}"#).status == 200)
            // A question of its own, under a key of its own.
            var second: JSONTree?
            try await eventually {
                second = try? talk.get(id).result?["inputRequests"]?["name-2"]
                return second != nil
            }
            #expect(second?["params"]?["message"]?.string == "And who else?")
            // The first answer again counts for nothing.
            #expect(try talk.update(id, #"{"name":\#(ada)}"#).status == 200)
            #expect(try talk.update(id, #"{"name-2":{"action":"decline"}}"#).status == 200)
            let ended = try await talk.wait(id, for: "completed")
            #expect(text(ended) == "Hello, ada and decline!")
        }
    }

    @Test func `A task that waits for an answer can be cancelled`() async throws {
        try await withServer(loopCount: 2, features: .long) { server in
            let talk = try TaskTalk(server)
            let id = try talk.begin("ask")
            _ = try await talk.wait(id, for: "input_required")
            #expect(try talk.cancel(id).status == 200)
            let ended = try #require(try talk.get(id).result)
            #expect(ended["status"]?.string == "cancelled")
            #expect(ended["inputRequests"] == nil)
        }
    }

    @Test func `A tool cannot ask for what its client did not declare`() async throws {
        try await withServer(features: .long) { server in
            let talk = try TaskTalk(server)
            let meta = StreamTalk.meta(
                capabilities: #"{"extensions":{"io.modelcontextprotocol/tasks":{}}}"#
            )
            let id = try #require(try talk.call("ask", meta: meta).result?["taskId"]?.string)
            let failed = try await talk.wait(id, for: "failed")
            #expect(failed["error"]?["code"]?.integer == -32_021)
        }
    }
}
