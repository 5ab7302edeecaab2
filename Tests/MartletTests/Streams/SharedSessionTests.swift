import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Legacy sessions that several processes share")
struct SharedSessionTests {
    @Test func `An answer reaches the tool that asked at another process`() async throws {
        try await withSharingServers { one, other, hub in
            let session = try one.beginSession(capabilities: #"{"elicitation":{}}"#)
            for (round, there) in [other, one, other].enumerated() {
                let call = one.request(session, "tools/call", #""name":"ask_name""#)
                let client = try one.open(call)
                _ = try client.receiveEvent()
                let question = try #require(try client.receiveEvent())
                let name = "ada \"\(round)\" é"
                let text = name.replacing("\"", with: "\\\"")
                let answer = "{\"action\":\"accept\",\n\"content\":{\"name\":\"\(text)\"}}"
                try there.reply(session, to: question, answer)
                let result = try #require(try client.receiveEvent())
                let said = result.json?["result"]?["content"]?[0]?["text"]?.string
                #expect(said == "Hello, \(name)!")
            }
            // The one that was answered where it was asked concerns nobody else.
            #expect(hub.putCount == 2)
        }
    }

    @Test func `A session that has ended at one process ends at the others`() async throws {
        try await withSharingServers { one, other, _ in
            let session = try one.beginSession()
            let listening = try other.open(other.get(session))
            #expect(try other.server.exchange(other.request(session, "ping")).status == 200)
            #expect(try one.delete(session).status == 204)
            while let event = try listening.receiveEvent() { #expect(event.data.isEmpty) }
            #expect(try other.server.exchange(other.request(session, "ping")).status == 404)
        }
    }

    @Test func `A resource that was subscribed to at one process is heard of at another`()
        async throws
    {
        try await withSharingServers { one, other, _ in
            let session = try one.beginSession()
            let listening = try other.open(other.get(session))
            let uri = #""uri":"test://text""#
            let subscribe = one.request(session, "resources/subscribe", uri)
            #expect(try one.server.exchange(subscribe).status == 200)
            let announce = other.request(session, "tools/call", #""name":"announce""#)
            // Lists are told from the start, and the resource once the other process has heard.
            var told: Set<String> = []
            while !told.contains("notifications/resources/updated") {
                _ = try other.server.exchange(announce)
                told.insert(try #require(try listening.receiveEvent()).method ?? "")
            }
        }
    }

    @Test func `What a process announces is told to those who listen at another, in both eras`()
        async throws
    {
        try await withSharingServers { one, other, hub in
            let session = try one.beginSession()
            let legacy = try other.listen(session).client
            let listen = Message.modern(
                "subscriptions/listen",
                params: #""notifications":{"toolsListChanged":true}"#,
                meta: StreamTalk.meta()
            )
            let modern = try other.open(.message(listen, token: other.token))
            let acknowledged = try #require(try modern.receiveEvent())
            #expect(acknowledged.method == "notifications/subscriptions/acknowledged")
            let announce = one.request(session, "tools/call", #""name":"announce""#)
            _ = try one.server.exchange(announce)
            for client in [legacy, modern] {
                let told = try #require(try client.receiveEvent())
                #expect(told.method == "notifications/tools/list_changed")
            }
            // Of two resources as well; nothing is passed on by those who only heard it.
            try await eventually { hub.putCount == 3 }
            // Of another workspace nobody hears, who listens in this one.
            let elsewhere = one.request(
                session,
                "tools/call",
                #""name":"announce","arguments":{"workspace":"other"}"#
            )
            let subscribe = other.request(
                session,
                "resources/subscribe",
                #""uri":"test://text""#
            )
            #expect(try other.server.exchange(subscribe).status == 200)
            _ = try one.server.exchange(elsewhere)
            let told = try #require(try legacy.receiveEvent())
            #expect(told.method == "notifications/tools/list_changed")
            #expect(try one.delete(session).status == 204)
            #expect(try legacy.receiveEvent() == nil)
        }
    }

    @Test func `A log level that was set at one process counts at another`() async throws {
        try await withSharingServers { one, other, _ in
            let session = try one.beginSession()
            let set = one.request(session, "logging/setLevel", #""level":"emergency""#)
            #expect(try one.server.exchange(set).status == 200)
            let call = other.request(session, "tools/call", #""name":"log""#)
            // With the default level the answer is a stream.
            try await eventually {
                (try? other.server.exchange(call).toolText) == "logged"
            }
        }
    }

    @Test func `A call is taken back at another process`() async throws {
        try await withSharingServers { one, other, _ in
            let session = try one.beginSession()
            let params = #""name":"wait","_meta":{"progressToken":"p"}"#
            let client = try one.open(one.request(session, "tools/call", params, id: "\"w\""))
            await one.server.gate.wait(forArrivals: 1)
            let cancel = other.request(
                session,
                "notifications/cancelled",
                #""requestId":"w""#,
                id: nil
            )
            #expect(try other.server.exchange(cancel).status == 202)
            while let event = try client.receiveEvent() {
                #expect(event.json?["result"] == nil)
            }
            await one.server.journal.wait(for: "cancelled")
        }
    }

    @Test func `A process that starts later knows what has been changed before`() async throws {
        let hub = SessionHub()
        let sealKey = SealKey.random()
        func configure(_ configuration: inout ServerConfiguration) {
            configuration.sealKey = sealKey
            configuration.sessionStore = hub
        }
        try await withServer(features: .talking, configure) { one in
            let talk = try StreamTalk(one)
            let ended = try talk.beginSession()
            let open = try talk.beginSession()
            #expect(try talk.delete(ended).status == 204)
            try await withServer(features: .talking, configure) { late in
                let there = try StreamTalk(late, talk.token)
                try await eventually {
                    (try? late.exchange(there.request(ended, "ping")).status) == 404
                }
                #expect(try late.exchange(there.request(open, "ping")).status == 200)
            }
        }
    }

    @Test func `Where nothing can be shared a session is served all the same`() async throws {
        try await withSharingServers { one, _, hub in
            hub.breakDown()
            let session = try one.beginSession()
            let set = one.request(session, "logging/setLevel", #""level":"error""#)
            #expect(try one.server.exchange(set).status == 200)
            #expect(try one.delete(session).status == 204)
            #expect(try one.server.exchange(one.request(session, "ping")).status == 404)
        }
    }
}
