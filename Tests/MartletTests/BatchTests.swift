import ProtocolTestSupport
import Testing

@Suite("Batches of 2025-03-26 (JSON-RPC 2.0 §6)")
struct BatchTests {
    @Test func `Sixty-four messages are answered together, and one more is refused with all`()
        async throws
    {
        try await withServer { server in
            func batch(_ count: Int) -> Message {
                let pings = (1...count).map { Message.legacy("ping", id: "\($0)").body }
                return Message(body: "[\(pings.joined(separator: ","))]")
            }
            let longest = try server.exchange(batch(64), token: token())
            let longer = try server.exchange(batch(65), token: token())
            #expect(longest.status == 200)
            #expect(longest.json?.elements.count == 64)
            #expect(longer.status == 400)
        }
    }

    @Test(arguments: ["[[1]]", "[[[1]]]", "[[[]]]"])
    func `A batch within a batch is a mistake of its own, and the server lives on`(
        body: String
    ) async throws {
        try await withServer { server in
            let ping = Message.legacy("ping", id: "1").body
            let batch = "\(body.dropLast()),\(ping)]"
            let response = try server.exchange(Message(body: batch), token: token())
            #expect(response.status == 200)
            let answers = try #require(response.json).elements
            #expect(answers.count == 2)
            #expect(answers.first?["error"]?["code"]?.integer == -32_600)
            #expect(answers.last?["result"] == .object([:]))
        }
    }
}
