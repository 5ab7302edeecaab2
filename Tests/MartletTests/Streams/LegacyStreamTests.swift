import MCP
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Streams of legacy sessions (MCP 2025-11-25, Transports)")
struct LegacyStreamTests {
    private let elicitation = #"{"elicitation":{}}"#

    @Test func `A client's answer reaches the tool that asked, over whatever connection it comes`()
        async throws
    {
        try await withServer(loopCount: 2, features: .talking) { server in
            let talk = try StreamTalk(server)
            let session = try talk.beginSession(capabilities: elicitation)
            // Enough rounds for the answers to have come to either loop.
            for round in 0..<12 {
                let call = talk.request(session, "tools/call", #""name":"ask_name""#)
                let client = try talk.open(call)
                let priming = try #require(try client.receiveEvent())
                #expect(priming.data.isEmpty && priming.id != nil)
                let question = try #require(try client.receiveEvent())
                #expect(question.method == "elicitation/create")
                let answer = #"{"action":"accept","content":{"name":"ada \#(round)"}}"#
                try talk.reply(session, to: question, answer)
                let result = try #require(try client.receiveEvent())
                let text = result.json?["result"]?["content"]?[0]?["text"]?.string
                #expect(text == "Hello, ada \(round)!")
                #expect(result.json?["id"]?.integer == 1)
                #expect(try client.receiveEvent() == nil)
            }
        }
    }

    @Test func `Another session's answer reaches nobody`() async throws {
        try await withServer(features: .talking) { server in
            let talk = try StreamTalk(server)
            let stranger = try StreamTalk(server, token("eve"))
            let session = try talk.beginSession(capabilities: elicitation)
            let other = try stranger.beginSession(capabilities: elicitation)
            let client = try talk.open(
                talk.request(session, "tools/call", #""name":"ask_name""#)
            )
            _ = try client.receiveEvent()
            let question = try #require(try client.receiveEvent())
            try stranger.reply(other, to: question, #"{"action":"decline"}"#)
            try talk.reply(session, to: question, #"{"action":"cancel"}"#)
            let result = try #require(try client.receiveEvent())
            let text = result.json?["result"]?["content"]?[0]?["text"]?.string
            #expect(text == "You cancel.")
        }
    }

    @Test func `A client that declared nothing is not asked, and the model is told`() async throws {
        try await withServer(features: .talking) { server in
            let talk = try StreamTalk(server)
            let session = try talk.beginSession()
            let call = talk.request(session, "tools/call", #""name":"ask_name""#)
            let response = try server.exchange(call)
            #expect(response.result?["isError"]?.bool == true)
        }
    }

    @Test func `What a client asks of its log is known on every loop before it is answered`()
        async throws
    {
        try await withServer(loopCount: 2, features: .talking) { server in
            let talk = try StreamTalk(server)
            let session = try talk.beginSession()
            for (level, count) in [("error", 1), ("debug", 3), ("emergency", 0)] {
                let set = talk.request(session, "logging/setLevel", #""level":"\#(level)""#)
                let response = try server.exchange(set)
                #expect(response.text == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
                for _ in 0..<6 {
                    let call = talk.request(session, "tools/call", #""name":"log""#)
                    let client = try server.connect()
                    let head = try client.exchange(call)
                    guard count > 0 else {
                        #expect(head.toolText == "logged")
                        continue
                    }
                    var messages = 0
                    while let event = try client.receiveEvent() {
                        if event.method == "notifications/message" { messages += 1 }
                    }
                    #expect(messages == count)
                }
            }
            let bad = talk.request(session, "logging/setLevel", #""level":"loud""#)
            #expect(try server.exchange(bad).errorCode == -32_602)
        }
    }

    @Test func `A stream that was closed is resumed on any loop, and has lost nothing`()
        async throws
    {
        try await withServer(loopCount: 2, features: .talking) { server in
            let talk = try StreamTalk(server)
            let session = try talk.beginSession()
            let client = try talk.open(talk.request(session, "tools/call", #""name":"detach""#))
            let priming = try #require(try client.receiveEvent())
            let closing = try #require(try client.receiveEvent())
            #expect(closing.retry == "10")
            #expect(try client.receiveEvent() == nil)
            let stranger = try StreamTalk(server, token("eve"))
            let other = try stranger.beginSession()
            server.gate.open()
            // Nobody else's session gets it, whatever event it names.
            let listening = try stranger.open(stranger.get(other, lastEventID: priming.id))
            for _ in 0..<6 {
                let again = try talk.open(talk.get(session, lastEventID: priming.id))
                let result = try #require(try again.receiveEvent())
                let text = result.json?["result"]?["content"]?[0]?["text"]?.string
                #expect(text == "reattached")
                #expect(try again.receiveEvent() == nil)
            }
            _ = listening
        }
    }

    @Test func `A cancelled request is answered no more, and the tool hears of it`() async throws {
        try await withServer(loopCount: 2, features: .talking) { server in
            let talk = try StreamTalk(server)
            let session = try talk.beginSession()
            let client = try talk.open(
                talk.request(
                    session,
                    "tools/call",
                    #""name":"wait","_meta":{"progressToken":"p"}"#,
                    id: "77"
                )
            )
            // Another session's request of the same id is another request.
            let namesake = try talk.beginSession()
            let cancel = #""requestId":77"#
            for name in [namesake, session] {
                let note = talk.request(name, "notifications/cancelled", cancel, id: nil)
                #expect(try server.exchange(note).status == 202)
            }
            while let event = try client.receiveEvent() {
                #expect(event.json?["result"] == nil)
            }
            await server.journal.wait(for: "cancelled")
        }
    }

    @Test func `A session that was ended is gone for every loop`() async throws {
        try await withServer(loopCount: 2, features: .talking) { server in
            let talk = try StreamTalk(server)
            let session = try talk.beginSession()
            let listening = try talk.listen(session).client
            #expect(try talk.delete(session).status == 204)
            #expect(try listening.receiveEvent() == nil)
            for _ in 0..<12 {
                #expect(try server.exchange(talk.request(session, "tools/list")).status == 404)
            }
            #expect(try talk.delete(session).status == 404)
        }
    }

    @Test func `Subscribers hear of a resource on the session's stream, others do not`()
        async throws
    {
        try await withServer(loopCount: 2, features: .talking) { server in
            let talk = try StreamTalk(server)
            let session = try talk.beginSession()
            let listening = try talk.listen(session).client
            for (uri, code) in [("test://text", nil), ("test://nothing", -32_002)] {
                let request = talk.request(session, "resources/subscribe", #""uri":"\#(uri)""#)
                #expect(try server.exchange(request).errorCode == code)
            }
            let hidden = talk.request(session, "resources/subscribe", #""uri":"test://hidden""#)
            #expect(try server.exchange(hidden).status == 403)
            _ = try server.exchange(talk.request(session, "tools/call", #""name":"announce""#))
            var heard: Set<String> = []
            for _ in 0..<2 {
                heard.insert(try #require(try listening.receiveEvent()).method ?? "")
            }
            #expect(
                heard == [
                    "notifications/tools/list_changed", "notifications/resources/updated",
                ]
            )
        }
    }

    @Test func `Of several streams of a session the newest hears, and then the one before`()
        async throws
    {
        try await withServer(loopCount: 2, features: .talking) { server in
            let talk = try StreamTalk(server)
            let session = try talk.beginSession()
            // Enough for both loops to have some.
            var streams: [Client] = []
            for _ in 0..<6 { streams.append(try talk.listen(session).client) }
            let announce = talk.request(session, "tools/call", #""name":"announce""#)
            while let newest = streams.popLast() {
                _ = try server.exchange(announce)
                let heard = try #require(try newest.receiveEvent())
                #expect(heard.method == "notifications/tools/list_changed")
            }
        }
    }

    @Test func `GET and DELETE are for sessions, and everything else is told so`() async throws {
        try await withServer(features: .talking) { server in
            let talk = try StreamTalk(server)
            let bare = Request(method: "GET").adding("Authorization", "Bearer \(talk.token)")
            let response = try server.exchange(bare)
            #expect(response.status == 405)
            #expect(response["Allow"] == "POST")
            let legacy = bare.adding("MCP-Protocol-Version", "2025-11-25")
            #expect(try server.exchange(legacy).status == 400)
            let modern = bare.adding("MCP-Protocol-Version", "2026-07-28")
            #expect(try server.exchange(modern).status == 405)
            let session = try talk.beginSession()
            let json = bare.adding("Mcp-Session-Id", session).adding("Accept", "application/json")
            #expect(try server.exchange(json).status == 406)
            #expect(try server.exchange(talk.get("nonsense")).status == 404)
        }
    }
}
