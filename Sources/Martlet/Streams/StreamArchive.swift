internal import AccessControl
internal import Libuv

/// The streams of a loop that clients may come back to.
///
/// Not `Sendable`: belongs to the loop.
final class StreamArchive {
    /// Streams kept at once; beyond that an eighth is forgotten, of whoever has most and the oldest first.
    static let streamCountMax = 8_192

    /// Bytes of events kept at once, over all streams of a loop.
    static let byteCountMax = 67_108_864

    /// How long a stream may wait for what comes before it: longer than another process may be silent.
    static let waitMilliseconds: UInt64 = 30_000

    /// Streams that may wait so at once.
    static let awaitedCountMax = 256

    /// How long it is remembered where a stream went: its client may have no later id for as long as
    /// the successor says nothing.
    static let successionMilliseconds: UInt64 = 3_600_000

    private struct Awaited {
        let stream: ResumableStream
        let untilMilliseconds: UInt64
        let stillWaits: () -> Void
    }

    private let process: UInt32
    private let loopIndex: Int
    private let loop: EventLoop
    private var streams: [Int: ResumableStream] = [:]

    /// By the number of a session's stream that was handed over.
    private var successions: [Int: Succession] = [:]

    /// Streams of sessions that are to be handed over once they know what comes before them, and when
    /// they stop waiting for that: two may wait for each other, if a client makes up ids.
    private var awaited: [Awaited] = []
    private var lastNumber = 0

    init(process: UInt32, loopIndex: Int, on loop: EventLoop) {
        self.process = process
        self.loopIndex = loopIndex
        self.loop = loop
    }

    /// - Parameters:
    ///   - kind: What it belongs to.
    ///   - session: The only one that may resume it.
    ///   - owner: Who has it.
    /// - Returns: A stream without an event.
    func makeStream(
        _ kind: EventID.Kind,
        for session: SessionID,
        of owner: Subject
    ) -> ResumableStream {
        for number in Self.excess(of: streams, \.owner) { forget(number) }
        lastNumber += 1
        let stream = ResumableStream(
            kind,
            number: lastNumber,
            session: session,
            owner: owner,
            process: process,
            loopIndex: loopIndex,
            on: loop
        )
        streams[lastNumber] = stream
        return stream
    }

    /// The stream of a request with this number, if it is the session's.
    func stream(_ number: Int, of session: SessionID) -> ResumableStream? {
        guard let stream = streams[number], stream.session == session, stream.kind == .request
        else { return nil }
        return stream
    }

    /// Ends a stream of a session whose client goes on with another one, and gives away what is left
    /// of it: now, or when the stream knows what comes before it.
    ///
    /// It is remembered where it went. A client that loses the successor before it has heard a word
    /// comes back with an event of the first. `stillWaits` is called every second until then.
    func handOver(
        _ event: EventID,
        of session: SessionID,
        to successor: EventID,
        stillWaits: @escaping () -> Void = {},
        _ take: @escaping (StreamRemains) -> Void
    ) {
        let forgottenAt = loop.monotonicMilliseconds + Self.successionMilliseconds
        if let stream = streams[event.stream], stream.session == session, stream.kind == .session,
            stream.id != successor
        {
            streams[event.stream] = nil
            remember(
                event.stream,
                Succession(
                    session: session,
                    owner: stream.owner,
                    successor: successor,
                    seenCount: stream.seenCount(after: event.sequence),
                    forgottenAt: forgottenAt
                )
            )
            stream.handOver(after: event.sequence) { take(.rest($0)) }
            if stream.isAwaited { wait(for: stream, stillWaits) }
        } else if let succession = successions[event.stream], succession.session == session,
            succession.successor != successor
        {
            successions[event.stream] = succession.handedOn(to: successor, until: forgottenAt)
            take(.moved(succession.event(after: event.sequence)))
        } else {
            take(.missing)
        }
    }

    private func remember(_ number: Int, _ succession: Succession) {
        for number in Self.excess(of: successions, \.owner) { successions[number] = nil }
        successions[number] = succession
    }

    /// An eighth of what is kept where there is no room for one more, so that the next need no search.
    private static func excess<Kept>(
        of kept: [Int: Kept],
        _ owner: (Kept) -> Subject
    ) -> [Int] {
        guard kept.count >= streamCountMax else { return [] }
        let items = kept.map { Crowding.Item(number: $0.key, owner: owner($0.value), size: 1) }
        return Crowding.forgotten(items, excess: streamCountMax / 8)
    }

    /// Sends what is left of a stream, and what it says from now on, to the process that its client
    /// has come back to.
    func forward(
        _ event: EventID,
        of session: SessionID,
        to successor: EventID?,
        _ ticket: UInt64,
        over relay: SessionRelay
    ) {
        let process = ForwardedStream(session, ticket: ticket, over: relay, on: loop)
        switch event.kind {
        case .request:
            guard let stream = stream(event.stream, of: session) else {
                return process.send(.missing)
            }
            stream.forward(to: process, after: event.sequence)
        case .session:
            guard let successor else { return process.send(.missing) }
            // A wish may be heard twice.
            guard successions[event.stream]?.successor != successor else { return }
            // What a stream waits for may take longer than an answer.
            handOver(event, of: session, to: successor, stillWaits: { process.send(.found) }) {
                process.finish(with: $0)
            }
        }
    }

    private func wait(for stream: ResumableStream, _ stillWaits: @escaping () -> Void) {
        guard awaited.count < Self.awaitedCountMax else { return stream.stopWaiting() }
        awaited.append(
            Awaited(
                stream: stream,
                untilMilliseconds: loop.monotonicMilliseconds + Self.waitMilliseconds,
                stillWaits: stillWaits
            )
        )
    }

    private func stopWaiting(_ now: UInt64) {
        guard !awaited.isEmpty else { return }
        for waiting in awaited where waiting.stream.isAwaited {
            if now < waiting.untilMilliseconds {
                waiting.stillWaits()
            } else {
                waiting.stream.stopWaiting()
            }
        }
        awaited.removeAll { !$0.stream.isAwaited }
    }

    private func forget(_ number: Int) {
        streams.removeValue(forKey: number)?.forget()
    }

    /// Forgets what nobody came back for in time, and what is too much.
    func tick() {
        let now = loop.monotonicMilliseconds
        for (number, succession) in successions where now >= succession.forgottenAt {
            successions[number] = nil
        }
        stopWaiting(now)
        guard !streams.isEmpty else { return }
        for (number, stream) in streams where now >= stream.forgottenAt ?? .max { forget(number) }
        let total = streams.values.reduce(0) { $0 + $1.byteCount }
        guard total > Self.byteCountMax else { return }
        let items = streams.map { number, stream in
            Crowding.Item(number: number, owner: stream.owner, size: stream.byteCount)
        }
        for number in Crowding.forgotten(items, excess: total - Self.byteCountMax) {
            forget(number)
        }
    }
}
