internal import Libuv

/// The streams of a loop that clients may come back to.
///
/// Not `Sendable`: belongs to the loop.
final class StreamArchive {
    /// Streams kept at once; the oldest is forgotten for a new one.
    static let streamCountMax = 8_192

    /// Bytes of events kept at once, over all streams of a loop.
    static let byteCountMax = 67_108_864

    private let process: UInt32
    private let loopIndex: Int
    private let loop: EventLoop
    private var streams: [Int: ResumableStream] = [:]
    private var lastNumber = 0

    init(process: UInt32, loopIndex: Int, on loop: EventLoop) {
        self.process = process
        self.loopIndex = loopIndex
        self.loop = loop
    }

    func makeStream(_ kind: EventID.Kind, for session: SessionID) -> ResumableStream {
        if streams.count >= Self.streamCountMax, let oldest = streams.keys.min() {
            forget(oldest)
        }
        lastNumber += 1
        let stream = ResumableStream(
            kind,
            number: lastNumber,
            session: session,
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

    /// Ends a stream of a session whose client goes on with another one.
    ///
    /// - Returns: What is left of it; nothing of what is not kept or is another session's.
    func handOver(_ event: EventID, of session: SessionID) -> StreamRest {
        guard let stream = streams[event.stream], stream.session == session,
            stream.kind == .session
        else { return StreamRest() }
        streams[event.stream] = nil
        return stream.handOver(after: event.sequence)
    }

    /// Sends what is left of a stream, and what it says from now on, to the process that its client
    /// has come back to.
    func forward(
        _ event: EventID,
        of session: SessionID,
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
            process.send(handOver(event, of: session))
        }
    }

    private func forget(_ number: Int) {
        streams.removeValue(forKey: number)?.forget()
    }

    /// Forgets what nobody came back for in time, and the oldest where there is too much.
    func tick() {
        guard !streams.isEmpty else { return }
        let now = loop.monotonicMilliseconds
        for (number, stream) in streams where now >= stream.forgottenAt ?? .max { forget(number) }
        var total = streams.values.reduce(0) { $0 + $1.byteCount }
        guard total > Self.byteCountMax else { return }
        for number in streams.keys.sorted() where total > Self.byteCountMax {
            total -= streams[number]?.byteCount ?? 0
            forget(number)
        }
    }
}
