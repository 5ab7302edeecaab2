import MCP
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Limits on standard input and output", .timeLimit(.minutes(2)))
struct StdioLimitTests {
    private func call(_ tool: String, id: Int) -> String {
        Message.modern("tools/call", params: #""name":"\#(tool)""#, id: "\(id)").body
    }

    @Test func `So many requests run at once, and the next one is told to come again`()
        async throws
    {
        let countMax = 1_024
        let talk = try StdioTalk { $0.requestsPerSubject = .unlimited }
        for id in 1...countMax { try talk.send(call("wait", id: id)) }
        await talk.gate.wait(forArrivals: countMax)
        let refused = try talk.exchange(call("region", id: countMax + 1))
        #expect(refused["id"]?.integer == countMax + 1)
        #expect(refused["error"]?["code"]?.integer == -32_600)
        // What is answered at once takes nobody's place.
        #expect(try talk.exchange(Message.modern("tools/list").body)["result"] != nil)
        talk.gate.open()
        var answered: Set<Int> = []
        for _ in 1...countMax {
            let answer = try #require(try talk.receive())
            #expect(answer.toolText == "waited")
            answered.insert(try #require(answer["id"]?.integer))
        }
        #expect(answered == Set(1...countMax))
        #expect(try talk.exchange(call("region", id: countMax + 1)).toolText == "none")
        try talk.endInput()
        #expect(try await talk.finish() == [])
    }

    @Test(arguments: [(1_000, nil), (1_001, -32_602)] as [(Int, Int?)])
    func `A subscription names so many resources and not one more`(
        count: Int,
        errorCode: Int?
    ) async throws {
        let talk = try StdioTalk()
        let uris = (1...count).map { "\"test://\($0)\"" }.joined(separator: ",")
        let filter = "\"notifications\":{\"resourceSubscriptions\":[\(uris)]}"
        let answer = try talk.exchange(
            Message.modern("subscriptions/listen", params: filter, id: "1").body
        )
        #expect(answer["error"]?["code"]?.integer == errorCode)
        talk.stop()
        _ = try await talk.finish()
    }

    @Test func `So many subscriptions are open at once, and one that ends makes room`()
        async throws
    {
        let talk = try StdioTalk { $0.streamsPerSubjectMax = 2 }
        func listen(_ id: Int) throws -> JSONTree {
            let filter = #""notifications":{"toolsListChanged":true}"#
            return try talk.exchange(
                Message.modern("subscriptions/listen", params: filter, id: "\(id)").body
            )
        }
        for id in 1...2 { #expect(try listen(id).method != nil) }
        #expect(try listen(3)["error"]?["code"]?.integer == -32_600)
        let cancel = Message.legacy("notifications/cancelled", params: #""requestId":1"#, id: nil)
        try talk.send(cancel.body)
        #expect(try listen(4).method != nil)
        talk.stop()
        _ = try await talk.finish()
    }
}
