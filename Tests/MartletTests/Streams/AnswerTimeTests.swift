import MCP
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("How long a client may take to answer what it is asked")
struct AnswerTimeTests {
    private let elicitation = #"{"elicitation":{}}"#

    @Test func `A state that the client has carried for too long is refused`() async throws {
        for (seconds, code) in [(300, nil), (0, -32_602)] {
            try await withServer(features: .talking, { $0.clientAnswerSeconds = seconds }) {
                server in
                let talk = try StreamTalk(server)
                let meta = StreamTalk.meta(capabilities: elicitation)
                let first = try talk.modern("ask_twice", meta)
                let answer = #"{"action":"accept","content":{"number":1}}"#
                let second = try talk.modern(
                    "ask_twice",
                    meta,
                    params: #""inputResponses":{"first":\#(answer)}"#
                )
                #expect(first.result?["resultType"]?.string == "input_required")
                let state = try #require(second.result?["requestState"]?.string)
                let last = try talk.modern(
                    "ask_twice",
                    meta,
                    params: #""inputResponses":{"second":\#(answer)},"requestState":"\#(state)""#
                )
                #expect(last.errorCode == code)
                #expect((last.toolText == nil) == (code != nil))
            }
        }
    }

    @Test func `A session's client that does not answer is not waited for any longer`()
        async throws
    {
        try await withServer(features: .talking, { $0.clientAnswerSeconds = 1 }) { server in
            let talk = try StreamTalk(server)
            let session = try talk.beginSession(capabilities: elicitation)
            let call = talk.request(session, "tools/call", #""name":"ask_name""#)
            let client = try talk.open(call)
            _ = try client.receiveEvent()
            let question = try #require(try client.receiveEvent())
            #expect(question.method == "elicitation/create")
            let result = try #require(try client.receiveEvent())
            #expect(result.json?["result"]?["isError"]?.bool == true)
            // It comes too late, and is taken all the same.
            try talk.reply(session, to: question, #"{"action":"decline"}"#)
        }
    }
}
