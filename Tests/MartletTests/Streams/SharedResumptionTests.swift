import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Streams of one process that are resumed at another (Resumability and Redelivery)")
struct SharedResumptionTests {
    private let toolsChanged = "notifications/tools/list_changed"

    private func text(_ event: StreamEvent?) -> String? {
        event?.json?["result"]?["content"]?[0]?["text"]?.string
    }

    @Test func `What a request says while its client is elsewhere is had there, as often as asked`()
        async throws
    {
        try await withSharingServers { one, other, _ in
            let session = try one.beginSession()
            let client = try one.open(one.request(session, "tools/call", #""name":"detach""#))
            let priming = try #require(try client.receiveEvent())
            while try client.receiveEvent() != nil {}
            let waiting = try other.open(other.get(session, lastEventID: priming.id))
            await one.server.gate.wait(forArrivals: 1)
            one.server.gate.open()
            let first = try #require(try waiting.receiveEvent())
            #expect(text(first) == "reattached")
            #expect(try waiting.receiveEvent() == nil)
            for there in [other, one, other] {
                let again = try there.open(there.get(session, lastEventID: priming.id))
                let event = try #require(try again.receiveEvent())
                #expect(event.id == first.id)
                #expect(event.data == first.data)
                #expect(try again.receiveEvent() == nil)
            }
            // What was seen is not sent again.
            let rest = try other.open(other.get(session, lastEventID: first.id))
            #expect(try rest.receiveEvent() == nil)
        }
    }

    @Test func `All that was missed comes in its order`() async throws {
        try await withSharingServers { one, other, _ in
            let session = try one.beginSession()
            let params = #""name":"report","_meta":{"progressToken":"p"}"#
            let client = try one.open(one.request(session, "tools/call", params))
            var events: [StreamEvent] = []
            while let event = try client.receiveEvent() { events.append(event) }
            let priming = try #require(events.first)
            #expect(priming.data.isEmpty && events.count == 5)
            for (index, seen) in events.enumerated() {
                let again = try other.open(other.get(session, lastEventID: seen.id))
                var rest: [StreamEvent] = []
                while let event = try again.receiveEvent() { rest.append(event) }
                #expect(rest.map(\.data) == events[(index + 1)...].map(\.data))
                #expect(rest.map(\.id) == events[(index + 1)...].map(\.id))
            }
        }
    }

    @Test func `The stream of a session goes on at another process, with what it has not told`()
        async throws
    {
        try await withSharingServers { one, other, _ in
            let session = try one.beginSession()
            var lastID = try one.listen(session).primingID
            for (from, to) in [(one, other), (other, one), (one, other)] {
                // Nobody listens; each process announces its own.
                let announce = from.request(session, "tools/call", #""name":"announce""#)
                _ = try from.server.exchange(announce)
                let resumed = try to.listen(session, lastEventID: lastID)
                let heard = try #require(try resumed.client.receiveEvent())
                #expect(heard.method == toolsChanged)
                lastID = try #require(heard.id)
            }
        }
    }

    @Test func `Whoever loses the stream at another process too misses nothing`() async throws {
        try await withSharingServers { one, other, _ in
            let session = try one.beginSession()
            var lastID = try one.listen(session).primingID
            for (from, losing, to) in [
                (one, other, one), (other, one, other), (one, other, other), (other, one, one),
                (one, one, other),
            ] {
                let announce = from.request(session, "tools/call", #""name":"announce""#)
                _ = try from.server.exchange(announce)
                // Gone before anything can have come from the other process, and again.
                _ = try losing.open(losing.get(session, lastEventID: lastID))
                _ = try losing.open(losing.get(session, lastEventID: lastID))
                let resumed = try to.listen(session, lastEventID: lastID)
                let heard = try #require(try resumed.client.receiveEvent())
                #expect(heard.method == toolsChanged)
                lastID = try #require(heard.id)
            }
        }
    }

    @Test func `Another session gets nothing of a stream whose events it names`() async throws {
        try await withSharingServers { one, other, _ in
            let session = try one.beginSession()
            let client = try one.open(one.request(session, "tools/call", #""name":"detach""#))
            let priming = try #require(try client.receiveEvent())
            while try client.receiveEvent() != nil {}
            one.server.gate.open()
            for stranger in [other, try StreamTalk(other.server, token("eve"))] {
                let own = try stranger.beginSession()
                let stolen = try stranger.open(stranger.get(own, lastEventID: priming.id))
                // It becomes the stream of the stranger's own session, which begins with an id.
                #expect(try stolen.receiveEvent()?.data.isEmpty == true)
                #expect(try stranger.delete(own).status == 204)
                #expect(try stolen.receiveEvent() == nil)
            }
            let again = try other.open(other.get(session, lastEventID: priming.id))
            #expect(text(try again.receiveEvent()) == "reattached")
        }
    }

    @Test func `A stream of a process that is no more becomes that of the session`() async throws {
        try await withSharingServers { _, other, _ in
            let session = try other.beginSession()
            // An id as a process makes it that has ended.
            let listening = try other.open(other.get(session, lastEventID: "1-0-r1-1"))
            #expect(try listening.receiveEvent()?.data.isEmpty == true)
            let announce = other.request(session, "tools/call", #""name":"announce""#)
            _ = try other.server.exchange(announce)
            #expect(try listening.receiveEvent()?.method == toolsChanged)
        }
    }
}
