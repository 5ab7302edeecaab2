internal import Bytes
internal import HTTP1
internal import Libuv

/// What a legacy request's stream has said, kept so that a client which lost its connection can have
/// the rest (MCP 2025-11-25, *Transports*, "Resumability and Redelivery").
///
/// Not `Sendable`: belongs to the loop that answers the request, while the client may come back on
/// another. The stream goes on without anybody listening.
final class ResumableStream {
    /// Bytes of events kept for one stream; the oldest are forgotten first.
    static let byteCountMax = 1_048_576

    /// Events kept for one stream.
    static let eventCountMax = 1_024

    /// How long a stream is kept after its last event or its client's leaving.
    static let retentionMilliseconds: UInt64 = 60_000

    let number: Int
    let session: SessionID
    private let process: UInt32
    private let loopIndex: Int

    private var events: [(sequence: Int, message: ByteBuffer)] = []
    private(set) var byteCount = 0
    private var lastSequence = 0
    private var isEnded = false

    /// Where events go now; `nil` while the client is away.
    private var outlet: LoopBound<StreamOutlet>?

    /// Counts the outlets, so that one that is lost late does not end its successor.
    private var outletNumber = 0

    /// From when on nothing is kept any more; `nil` while the stream is in use.
    private(set) var forgottenAt: UInt64?

    private let loop: EventLoop

    init(number: Int, session: SessionID, process: UInt32, loopIndex: Int, on loop: EventLoop) {
        self.number = number
        self.session = session
        self.process = process
        self.loopIndex = loopIndex
        self.loop = loop
    }

    /// Sends a message, now or when the client is back.
    ///
    /// A client that is behind with reading goes without what is dispensable.
    func send(_ message: ByteBuffer, isDispensable: Bool = false) {
        lastSequence += 1
        keep(message)
        deliver(message, sequence: lastSequence, isDispensable: isDispensable)
    }

    /// An event without data by whose id the client can come back (MCP 2025-11-25, *Transports*).
    func prime(retryMilliseconds: Int?) {
        let id = eventID(lastSequence)
        outlet?.run { outlet in
            outlet.send(
                ByteBuffer().span,
                .init(id: id, retryMilliseconds: retryMilliseconds)
            )
        }
    }

    /// Nothing more comes.
    func end() {
        isEnded = true
        outlet?.run { $0.end() }
        leave()
    }

    /// Ends the connection and not the stream.
    func disconnect(retryMilliseconds: Int) {
        prime(retryMilliseconds: retryMilliseconds)
        outlet?.run { $0.end() }
        leave()
    }

    /// Goes on after the last event that a client has seen, over another connection.
    func attach(_ outlet: LoopBound<StreamOutlet>, after sequence: Int) {
        self.outlet?.run { $0.end() }
        self.outlet = outlet
        outletNumber += 1
        forgottenAt = nil
        let number = outletNumber
        let bound = LoopBound(self, on: loop)
        outlet.run { outlet in
            outlet.didLoseClient = { bound.run { $0.detach(number) } }
        }
        for event in events where event.sequence > sequence {
            deliver(event.message, sequence: event.sequence, isDispensable: false)
        }
        if isEnded {
            outlet.run { $0.end() }
            leave()
        }
    }

    private func detach(_ number: Int) {
        if number == outletNumber { leave() }
    }

    private func leave() {
        outlet = nil
        forgottenAt = loop.monotonicMilliseconds + Self.retentionMilliseconds
    }

    private func deliver(_ message: ByteBuffer, sequence: Int, isDispensable: Bool) {
        let id = eventID(sequence)
        outlet?.run { outlet in
            if isDispensable, outlet.isCongested { return }
            outlet.send(message.span, .init(id: id))
        }
    }

    private func keep(_ message: ByteBuffer) {
        events.append((lastSequence, message))
        byteCount += message.count
        while events.count > 1,
            byteCount > Self.byteCountMax || events.count > Self.eventCountMax
        {
            byteCount -= events.removeFirst().message.count
        }
    }

    private func eventID(_ sequence: Int) -> FieldValue? {
        EventID(
            process: process,
            loopIndex: loopIndex,
            stream: number,
            sequence: sequence
        ).fieldValue
    }
}
