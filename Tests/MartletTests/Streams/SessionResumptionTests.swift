import MCP
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Session streams that are resumed (MCP 2025-11-25, Resumability and Redelivery)")
struct SessionResumptionTests {
    private let toolsChanged = "notifications/tools/list_changed"

    @Test func `What changed while a client was away is told when it is back, on any loop`()
        async throws
    {
        try await withServer(loopCount: 2, features: .talking) { server in
            let talk = try StreamTalk(server)
            let session = try talk.beginSession()
            let announce = talk.request(session, "tools/call", #""name":"announce""#)
            var lastID = try talk.listen(session).primingID
            // Enough rounds for it to have left one loop for the other.
            for _ in 0..<12 {
                _ = try server.exchange(announce)
                let heard = try #require(
                    try talk.listen(session, lastEventID: lastID).client.receiveEvent()
                )
                #expect(heard.method == toolsChanged)
                lastID = try #require(heard.id)
            }
        }
    }

    @Test func `What a client has seen is not told again, and what it has not seen is`()
        async throws
    {
        try await withServer(loopCount: 2, features: .talking) { server in
            let talk = try StreamTalk(server)
            let session = try talk.beginSession()
            let first = try talk.listen(session)
            _ = try server.exchange(talk.request(session, "tools/call", #""name":"announce""#))
            let heard = try #require(try first.client.receiveEvent())
            #expect(heard.method == toolsChanged)
            // It comes back before the server has noticed that it left.
            let again = try talk.listen(session, lastEventID: first.primingID)
            let repeated = try #require(try again.client.receiveEvent())
            #expect(repeated.data == heard.data)
            #expect(try first.client.receiveEvent() == nil)
            let rest = try talk.listen(session, lastEventID: repeated.id)
            #expect(try talk.delete(session).status == 204)
            #expect(try rest.client.receiveEvent() == nil)
        }
    }

    @Test func `Another session hears nothing of a stream whose events it names`() async throws {
        try await withServer(loopCount: 2, features: .talking) { server in
            let talk = try StreamTalk(server)
            let session = try talk.beginSession()
            let own = try talk.listen(session)
            _ = try server.exchange(talk.request(session, "tools/call", #""name":"announce""#))
            _ = try own.client.receiveEvent()
            for stranger in [talk, try StreamTalk(server, token("eve"))] {
                let other = try stranger.beginSession()
                let stolen = try stranger.listen(other, lastEventID: own.primingID)
                #expect(try stranger.delete(other).status == 204)
                #expect(try stolen.client.receiveEvent() == nil)
            }
            // And takes nothing away.
            let again = try talk.listen(session, lastEventID: own.primingID)
            #expect(try again.client.receiveEvent()?.method == toolsChanged)
        }
    }

    @Test(arguments: [1, 2])
    func `Whoever loses the second stream too, and names the first again, misses nothing`(
        loopCount: Int
    ) async throws {
        try await withServer(loopCount: loopCount, features: .talking) { server in
            let talk = try StreamTalk(server)
            let session = try talk.beginSession()
            var lastID = try talk.listen(session).primingID
            for lossCount in 1...6 {
                _ = try server.exchange(talk.request(session, "tools/call", #""name":"announce""#))
                for _ in 0..<lossCount {
                    // Gone before it has read more than the head.
                    _ = try talk.open(talk.get(session, lastEventID: lastID))
                }
                let heard = try #require(
                    try talk.listen(session, lastEventID: lastID).client.receiveEvent()
                )
                #expect(heard.method == toolsChanged)
                lastID = try #require(heard.id)
            }
            // Told once.
            let last = try talk.listen(session, lastEventID: lastID)
            #expect(try talk.delete(session).status == 204)
            #expect(try last.client.receiveEvent() == nil)
        }
    }

    @Test func `What was seen on the first stream is not told again by those after the second`()
        async throws
    {
        try await withServer(loopCount: 2, features: .talking) { server in
            let talk = try StreamTalk(server)
            let session = try talk.beginSession()
            let first = try talk.listen(session)
            _ = try server.exchange(talk.request(session, "tools/call", #""name":"announce""#))
            let heard = try #require(try first.client.receiveEvent())
            _ = try talk.open(talk.get(session, lastEventID: first.primingID))
            // An event that was on its way has come on the first stream after all.
            let third = try talk.listen(session, lastEventID: heard.id)
            let fourth = try talk.listen(session, lastEventID: first.primingID)
            #expect(try third.client.receiveEvent() == nil)
            #expect(try talk.delete(session).status == 204)
            #expect(try fourth.client.receiveEvent() == nil)
        }
    }

    @Test func `What changes after a reload has ended the stream is told when its client is back`()
        async throws
    {
        try await withServer(loopCount: 2, features: .talking) { server in
            let talk = try StreamTalk(server)
            let session = try talk.beginSession()
            let first = try talk.listen(session)
            try await server.server.reload(
                issuers: TestServer.configuration.issuers,
                policy: PolicyDocument(),
                shadowPolicy: nil
            )
            #expect(try first.client.receiveEvent() == nil)
            _ = try server.exchange(talk.request(session, "tools/call", #""name":"announce""#))
            let second = try talk.listen(session, lastEventID: first.primingID)
            #expect(try second.client.receiveEvent()?.method == toolsChanged)
        }
    }

    @Test func `A stream that names itself as the one before it begins at once`() async throws {
        try await withServer(features: .talking) { server in
            let talk = try StreamTalk(server)
            let session = try talk.beginSession()
            let first = try talk.listen(session)
            let next = first.primingID.replacing("-s1-", with: "-s2-")
            #expect(next != first.primingID)
            let second = try talk.listen(session, lastEventID: next)
            #expect(second.primingID == next)
            _ = try server.exchange(talk.request(session, "tools/call", #""name":"announce""#))
            #expect(try second.client.receiveEvent()?.method == toolsChanged)
        }
    }

    @Test func `A stream whose client has left does not count among those of its subject`()
        async throws
    {
        try await withServer(features: .talking, { $0.streamsPerSubjectMax = 1 }) { server in
            let talk = try StreamTalk(server)
            let session = try talk.beginSession()
            var client: Client? = try talk.listen(session).client
            for _ in 0..<8 {
                #expect(try server.exchange(talk.get(session)).status == 429)
                client = nil
                try await eventually {
                    let next = try? server.connect()
                    let head = try? next?.exchange(talk.get(session))
                    guard head?.status == 200 else { return false }
                    client = next
                    return true
                }
            }
            _ = client
        }
    }
}
