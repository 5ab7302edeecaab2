import ProtocolTestSupport
import Testing

@Suite("Batches of 2025-03-26 (JSON-RPC 2.0 §6)")
struct BatchTests {
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
