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

    func makeStream(for session: SessionID) -> ResumableStream {
        if streams.count >= Self.streamCountMax, let oldest = streams.keys.min() {
            streams[oldest] = nil
        }
        lastNumber += 1
        let stream = ResumableStream(
            number: lastNumber,
            session: session,
            process: process,
            loopIndex: loopIndex,
            on: loop
        )
        streams[lastNumber] = stream
        return stream
    }

    /// The stream with this number, if it is the session's.
    func stream(_ number: Int, of session: SessionID) -> ResumableStream? {
        guard let stream = streams[number], stream.session == session else { return nil }
        return stream
    }

    /// Forgets what nobody came back for in time, and the oldest where there is too much.
    func tick() {
        guard !streams.isEmpty else { return }
        let now = loop.monotonicMilliseconds
        streams = streams.filter { now < $0.value.forgottenAt ?? .max }
        var total = streams.values.reduce(0) { $0 + $1.byteCount }
        guard total > Self.byteCountMax else { return }
        for number in streams.keys.sorted() where total > Self.byteCountMax {
            total -= streams[number]?.byteCount ?? 0
            streams[number] = nil
        }
    }
}
