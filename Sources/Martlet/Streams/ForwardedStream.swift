internal import Bytes
internal import Libuv
internal import MCP

/// Where a stream goes whose client has come back at another process.
///
/// Not `Sendable`: belongs to the loop of the stream.
final class ForwardedStream {
    /// Parts on their way at once; what is dispensable waits for none.
    private static let congestionCount = 16

    private let session: SessionID
    private let ticket: UInt64
    private let relay: SessionRelay
    private let loop: EventLoop
    private var count = 0
    private var underWayCount = 0

    /// - Parameters:
    ///   - session: Whose stream it is.
    ///   - ticket: What the other process knows the stream by.
    ///   - relay: The way there.
    ///   - loop: That of the stream.
    init(_ session: SessionID, ticket: UInt64, over relay: SessionRelay, on loop: EventLoop) {
        self.session = session
        self.ticket = ticket
        self.relay = relay
        self.loop = loop
    }

    /// Whether more is under way than arrives.
    var isCongested: Bool { underWayCount >= Self.congestionCount }

    func send(_ content: StreamPart.Content) {
        let part = StreamPart(index: count, content: content)
        let event = SessionEvent.continued(session, ticket: ticket, part)
        let parcel = Parcel(event.notice, over: relay)
        count += 1
        underWayCount += 1
        parcel.didArrive = { self.underWayCount -= 1 }
        loop.startTask(with: parcel) { await $0.go() }
    }

    func finish(with remains: StreamRemains) {
        switch remains {
        case .rest(let rest): send(rest)
        case .moved(let event): send(.moved(event))
        case .missing: send(.missing)
        }
    }

    private func send(_ rest: StreamRest) {
        send(.found)
        // The client goes on with a stream that counts its events anew.
        for message in rest.messages { send(.message(sequence: 0, message)) }
        for change in rest.changes { send(.change(change)) }
        send(.end)
    }

    private final class Parcel {
        private let notice: SessionNotice
        private let relay: SessionRelay
        var didArrive: () -> Void = {}

        init(_ notice: SessionNotice, over relay: SessionRelay) {
            self.notice = notice
            self.relay = relay
        }

        func go() async {
            await relay.forward(notice)
            didArrive()
        }
    }
}
