import MCP
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Streams and round trips of MCP 2026-07-28")
struct ModernStreamTests {
    private func text(_ response: Response) -> String? {
        response.result?["content"]?[0]?["text"]?.string
    }

    @Test func `Progress is a stream for whoever asks for it, and JSON for everybody else`()
        async throws
    {
        try await withServer(features: .talking) { server in
            let talk = try StreamTalk(server)
            #expect(text(try talk.modern("report", StreamTalk.meta())) == "reported")
            for token in ["7", #""seven""#] {
                let client = try server.connect()
                let message = Message.call(
                    "report",
                    meta: StreamTalk.meta(#""progressToken":\#(token)"#)
                )
                let head = try client.exchange(.message(message, token: talk.token))
                #expect(head["Content-Type"] == "text/event-stream")
                for step in 1...3 {
                    let event = try #require(try client.receiveEvent())
                    #expect(event.id == nil)
                    #expect(event.json?["params"]?["progress"]?.integer == step)
                    #expect(event.json?["params"]?["progressToken"] == (try JSONTree(token)))
                }
                let result = try #require(try client.receiveEvent())
                #expect(result.json?["result"]?["resultType"]?.string == "complete")
                #expect(try client.receiveEvent() == nil)
                // The connection goes on.
                let next = try client.exchange(.message(.modern("tools/list"), token: talk.token))
                #expect(next.status == 200)
            }
        }
    }

    @Test func `Log messages are sent from the level that was asked for, and not unasked`()
        async throws
    {
        try await withServer(features: .talking) { server in
            let talk = try StreamTalk(server)
            #expect(text(try talk.modern("log", StreamTalk.meta())) == "logged")
            let level = #""io.modelcontextprotocol/logLevel":"info""#
            let message = Message.call("log", meta: StreamTalk.meta(level))
            let client = try talk.open(.message(message, token: talk.token))
            var said: [String?] = []
            while let event = try client.receiveEvent() {
                if event.method == "notifications/message" {
                    said.append(event.json?["params"]?["data"]?.string)
                }
            }
            #expect(said == ["so so", "bad"])
        }
    }

    @Test func `A tool that asks is answered in a second round`() async throws {
        try await withServer(features: .talking) { server in
            let talk = try StreamTalk(server)
            let meta = StreamTalk.meta(capabilities: #"{"elicitation":{}}"#)
            let first = try talk.modern("ask_name", meta)
            #expect(first.status == 200)
            #expect(first.result?["resultType"]?.string == "input_required")
            let question = first.result?["inputRequests"]?["user_name"]
            #expect(question?["method"]?.string == "elicitation/create")
            for (answer, isAsked) in [
                (#"{"user_name":{"action":"accept","content":{"name":"ada"}}}"#, false),
                (#"{"user_name":{"action":"decline"}}"#, false),
                (#"{"user_name":{"action":"accept","content":{"name":7}}}"#, true),
                (#"{"user_name":{"action":"accept"}}"#, true),
                (#"{"other":{"action":"accept","content":{"name":"ada"}}}"#, true),
                (#"{"user_name":"ada"}"#, true),
            ] {
                let response = try talk.modern(
                    "ask_name",
                    meta,
                    params: "\"inputResponses\":\(answer)"
                )
                let type = response.result?["resultType"]?.string
                #expect(type == (isAsked ? "input_required" : "complete"), "\(answer)")
            }
            let malformed = try talk.modern("ask_name", meta, params: #""inputResponses":[]"#)
            #expect(malformed.errorCode == -32_602)
        }
    }

    @Test func `Earlier answers and the tool's state come back sealed, and only for the same call`()
        async throws
    {
        try await withServer(features: .talking) { server in
            let talk = try StreamTalk(server)
            let meta = StreamTalk.meta(capabilities: #"{"elicitation":{"form":{}}}"#)
            func answer(_ key: String, _ number: Int) -> String {
                #""inputResponses":{"\#(key)":{"action":"accept","content":{"number":\#(number)}}}"#
            }
            let second = try talk.modern("ask_twice", meta, params: answer("first", 40))
            #expect(second.result?["inputRequests"]?.names == ["second"])
            let state = try #require(second.result?["requestState"]?.string)
            let carried = "\"requestState\":\"\(state)\","
            let last = try talk.modern("ask_twice", meta, params: carried + answer("second", 2))
            #expect(text(last) == #"42 "round two""#)

            let stranger = try StreamTalk(server, token("eve"))
            let stolen = try stranger.modern(
                "ask_twice",
                meta,
                params: carried + answer("second", 2)
            )
            #expect(stolen.errorCode == -32_602)
            let elsewhere = try talk.modern("ask_name", meta, params: carried + answer("x", 2))
            #expect(elsewhere.errorCode == -32_602)
            for index in stride(from: 0, to: state.count, by: 7) {
                var letters = Array(state)
                letters[index] = letters[index] == "A" ? "B" : "A"
                let tampered = "\"requestState\":\"\(String(letters))\","
                let response = try talk.modern(
                    "ask_twice",
                    meta,
                    params: tampered + answer("second", 2)
                )
                #expect(response.errorCode == -32_602, "changed at \(index)")
            }
        }
    }

    @Test func `A client that lacks a capability is told which`() async throws {
        try await withServer(features: .talking) { server in
            let talk = try StreamTalk(server)
            let response = try talk.modern("ask_roots", StreamTalk.meta())
            #expect(response.status == 400)
            #expect(response.errorCode == -32_021)
            let needed = response.json?["error"]?["data"]?["requiredCapabilities"]
            #expect(needed == .object(["roots": .object([:])]))
        }
    }

    @Test func `A subscription is acknowledged with what is readable, and hears of that only`()
        async throws
    {
        try await withServer(loopCount: 2, features: .talking) { server in
            let talk = try StreamTalk(server)
            let listen = Message.modern(
                "subscriptions/listen",
                params: """
                    "notifications":{"toolsListChanged":true,"promptsListChanged":true,\
                    "resourceSubscriptions":["test://text","test://hidden","test://nothing"]}
                    """,
                id: #""s1""#
            )
            let client = try talk.open(.message(listen, token: talk.token))
            let acknowledged = try #require(try client.receiveEvent())
            #expect(acknowledged.method == "notifications/subscriptions/acknowledged")
            let filter = acknowledged.json?["params"]?["notifications"]
            #expect(filter?.names == ["toolsListChanged", "resourceSubscriptions"])
            #expect(filter?["resourceSubscriptions"]?.elements.count == 1)
            _ = try talk.modern("announce", StreamTalk.meta())
            var heard: Set<String> = []
            for _ in 0..<2 {
                let event = try #require(try client.receiveEvent())
                heard.insert(event.method ?? "")
                let meta = event.json?["params"]?["_meta"]
                #expect(meta?["io.modelcontextprotocol/subscriptionId"]?.string == "s1")
            }
            #expect(
                heard == ["notifications/tools/list_changed", "notifications/resources/updated"]
            )
            async let stopped: Void = server.server.stop()
            let end = try #require(try client.receiveEvent())
            #expect(end.json?["result"]?["resultType"]?.string == "complete")
            #expect(end.json?["id"]?.string == "s1")
            #expect(try client.receiveEvent() == nil)
            await stopped
        }
    }

    @Test func `Changes are told in the order they were announced, each once`() async throws {
        try await withServer(features: .talking) { server in
            let talk = try StreamTalk(server)
            let uris = [7, 3, 9, 1, 8, 2, 6, 4, 5].map { "test://items/\($0)" }
            let list = uris.sorted().map { "\"\($0)\"" }.joined(separator: ",")
            let listen = Message.modern(
                "subscriptions/listen",
                params: "\"notifications\":{\"resourceSubscriptions\":[\(list)]}"
            )
            let client = try talk.open(.message(listen, token: talk.token))
            _ = try client.receiveEvent()
            for uri in uris + uris.reversed() { server.changes.announce(.resource(uri: uri)) }
            var heard: [String] = []
            while heard.count < uris.count {
                let event = try #require(try client.receiveEvent())
                heard.append(event.json?["params"]?["uri"]?.string ?? "")
            }
            #expect(heard == uris)
        }
    }

    @Test func `Another workspace's changes are not heard`() async throws {
        try await withServer(features: .talking) { server in
            let talk = try StreamTalk(server)
            let listen = Message.modern(
                "subscriptions/listen",
                params: #""notifications":{"resourceSubscriptions":["test://text"]}"#
            )
            let client = try talk.open(.message(listen, token: talk.token))
            _ = try client.receiveEvent()
            let announce = #""arguments":{"workspace":"other"}"#
            _ = try talk.modern("announce", StreamTalk.meta(), params: announce)
            _ = try talk.modern(
                "announce",
                StreamTalk.meta(),
                params: #""arguments":{"workspace":"default"}"#
            )
            #expect(try client.receiveEvent()?.method == "notifications/resources/updated")
            // One announcement was heard, so the stream's end is all that follows.
            async let stopped: Void = server.server.stop()
            #expect(try client.receiveEvent()?.json?["result"] != nil)
            await stopped
        }
    }

    @Test func `One subject has so many streams and no more`() async throws {
        try await withServer(
            features: .talking,
            { $0.streamsPerSubjectMax = 2 }
        ) { server in
            let talk = try StreamTalk(server)
            let listen = Request.message(
                .modern("subscriptions/listen", params: #""notifications":{}"#),
                token: talk.token
            )
            let open = try [talk.open(listen), talk.open(listen)]
            #expect(try server.exchange(listen).status == 429)
            let other = try StreamTalk(server, token("eve"))
            let request = Request.message(
                .modern("subscriptions/listen", params: #""notifications":{}"#),
                token: other.token
            )
            _ = try other.open(request)
            #expect(open.count == 2)
        }
    }

    @Test func `An argument that is repeated in a field must say the same`() async throws {
        try await withServer(features: .talking) { server in
            let token = try token()
            let call = Request.message(
                .call("region", arguments: #"{"region":"eu-1","count":7.0}"#),
                token: token
            )
            let right = call.adding("Mcp-Param-Region", "eu-1").adding("mcp-param-count", "7")
            #expect(try server.exchange(right).toolText == "eu-1")
            let encoded = call.adding("Mcp-Param-Region", "=?base64?ZXUtMQ==?=")
                .adding("Mcp-Param-Count", "7")
            #expect(try server.exchange(encoded).toolText == "eu-1")
            for wrong in [
                call, call.adding("Mcp-Param-Region", "eu-1"),
                right.having("Mcp-Param-Region", "us-1"), right.adding("Mcp-Param-Region", "eu-1"),
                right.having("mcp-param-count", "8"), right.having("mcp-param-count", "seven"),
                right.having("Mcp-Param-Region", "=?base64?!?="),
            ] {
                let response = try server.exchange(wrong)
                #expect(response.status == 400)
                #expect(response.errorCode == -32_020)
            }
            let bare = Request.message(.call("region"), token: token)
            #expect(try server.exchange(bare).toolText == "none")
            #expect(try server.exchange(bare.adding("Mcp-Param-Region", "x")).status == 400)
        }
    }
}
