import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Streams whose caller's token expires")
struct StreamExpiryTests {
    @Test func `Those that listen end in order, in both eras`() async throws {
        try await withServer(
            loopCount: 2,
            features: .talking,
            { $0.clockSkewSeconds = 0 }
        ) { server in
            let talk = try StreamTalk(server, token(expiresInSeconds: 3))
            let session = try talk.beginSession("2025-06-18")
            let legacy = try talk.open(talk.get(session))
            let listen = Message.modern(
                "subscriptions/listen",
                params: #""notifications":{"toolsListChanged":true}"#,
                meta: StreamTalk.meta()
            )
            let modern = try talk.open(.message(listen, token: talk.token))
            let acknowledged = try modern.receiveEvent()
            #expect(acknowledged?.method == "notifications/subscriptions/acknowledged")
            // The server says so by itself when the time has come.
            let end = try #require(try modern.receiveEvent())
            #expect(end.json?["result"]?["resultType"]?.string == "complete")
            #expect(try modern.receiveEvent() == nil)
            #expect(try legacy.receiveEvent() == nil)
            #expect(try server.exchange(talk.request(session, "ping")).status == 401)
        }
    }
}
