import MCP
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Streams that tell of tasks (ext-tasks, Task Status Notifications)")
struct TaskNotificationTests {
    @Test func `A listener hears where its task stands, and how it ends`() async throws {
        try await withServer(loopCount: 2, features: .long) { server in
            let talk = try TaskTalk(server)
            let id = try talk.begin("dig")
            // On either loop.
            let streams = try (0..<6).map { _ in try talk.listen([id, "unknown"]) }
            for stream in streams {
                #expect(stream.acknowledged == [id])
                #expect(try talk.news(stream.client)["status"]?.string == "working")
            }
            server.gate.open()
            for stream in streams {
                var news = try talk.news(stream.client)
                while news["status"]?.string == "working" { news = try talk.news(stream.client) }
                #expect(news["status"]?.string == "completed")
                #expect(news["taskId"]?.string == id)
                #expect(news["result"]?["content"]?[0]?["text"]?.string == "dug as a task")
            }
        }
    }

    @Test func `A listener hears of questions`() async throws {
        try await withServer(features: .long) { server in
            let talk = try TaskTalk(server)
            let id = try talk.begin("ask")
            _ = try await talk.wait(id, for: "input_required")
            let stream = try talk.listen([id])
            let news = try talk.news(stream.client)
            #expect(news["status"]?.string == "input_required")
            #expect(news["inputRequests"]?["name"] != nil)
            #expect(try talk.cancel(id).status == 200)
            var next = try talk.news(stream.client)
            while next["status"]?.string != "cancelled" { next = try talk.news(stream.client) }
        }
    }

    @Test func `Who comes after the end is told of it`() async throws {
        try await withServer(features: .long) { server in
            let talk = try TaskTalk(server)
            let id = try talk.begin("refuse")
            _ = try await talk.wait(id, for: "completed")
            let news = try talk.news(try talk.listen([id]).client)
            #expect(news["status"]?.string == "completed")
        }
    }

    @Test func `Whoever listens to nothing of tasks hears nothing of them`() async throws {
        try await withServer(features: .long) { server in
            let talk = try TaskTalk(server)
            let other = try talk.begin("dig")
            let id = try talk.begin("dig")
            let stream = try talk.listen([id])
            #expect(try talk.news(stream.client)["taskId"]?.string == id)
            #expect(try talk.cancel(other).status == 200)
            #expect(try talk.cancel(id).status == 200)
            var news = try talk.news(stream.client)
            while news["status"]?.string != "cancelled" {
                #expect(news["taskId"]?.string == id)
                news = try talk.news(stream.client)
            }
            #expect(news["taskId"]?.string == id)
        }
    }
}
