internal import AccessControl
internal import Bytes
internal import HTTP1
internal import Libuv
internal import MCP

/// What a legacy request's stream, or that of a session, has said, kept so that a client which lost its connection can have
/// the rest (MCP 2025-11-25, *Transports*, "Resumability and Redelivery").
///
/// Not `Sendable`: belongs to the loop that answers the request or on which the session listened,
/// while the client may come back on another. The stream goes on without anybody listening.
final class ResumableStream {
    /// Bytes of events kept for one stream; the oldest are forgotten first.
    static let byteCountMax = 1_048_576

    /// Events kept for one stream.
    static let eventCountMax = 1_024

    /// How long a stream is kept after its last event or its client's leaving.
    static let retentionMilliseconds: UInt64 = 60_000

    /// Where the client is.
    enum Outlet {
        /// On a loop of this process.
        case connection(LoopBound<StreamOutlet>)
        /// At another process, which may be behind without saying that its client has left.
        case process(ForwardedStream)

        func end() {
            switch self {
            case .connection(let outlet): outlet.run { $0.end() }
            case .process(let forwarded): forwarded.send(.end)
            }
        }
    }

    let kind: EventID.Kind
    let number: Int
    let session: SessionID
    let owner: Subject
    private let process: UInt32
    private let loopIndex: Int

    private var events: [(sequence: Int, message: ByteBuffer)] = []
    private(set) var byteCount = 0
    private var lastSequence = 0
    private var isEnded = false

    /// Whether events are kept: no longer once the archive has forgotten the stream.
    private var isKept = true

    /// Where events go now; `nil` while the client is away.
    private var outlet: Outlet?

    /// Counts the outlets, so that one that is lost late does not end its successor.
    private var outletNumber = 0

    /// From when on nothing is kept any more; `nil` while the stream is in use.
    private(set) var forgottenAt: UInt64?

    /// Told when the client is gone that may come back.
    var didLeave: () -> Void = {}

    /// Told when nobody can come back any more.
    var didForget: () -> Void = {}

    /// Told when the client is back on a stream that goes on in this one's place.
    ///
    /// Calls its argument, with what there was still to tell, as soon as that is known.
    var willHandOver: (_ proceed: @escaping ([ServerChange]) -> Void) -> Void = { $0([]) }

    /// Told when that has taken too long.
    var stopWaiting: () -> Void = {}

    /// Whether it waits to be handed over.
    private(set) var isAwaited = false

    private let loop: EventLoop

    /// The id of what comes before its first event.
    var id: EventID {
        EventID(
            process: process,
            loopIndex: loopIndex,
            kind: kind,
            stream: number,
            sequence: 0
        )
    }

    init(
        _ kind: EventID.Kind,
        number: Int,
        session: SessionID,
        owner: Subject,
        process: UInt32,
        loopIndex: Int,
        on loop: EventLoop
    ) {
        self.kind = kind
        self.number = number
        self.session = session
        self.owner = owner
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
        // Whoever has come back to another process has an id already.
        guard case .connection(let outlet) = outlet else { return }
        let id = eventID(lastSequence)
        outlet.run { outlet in
            outlet.send(
                ByteBuffer().span,
                .init(id: id, retryMilliseconds: retryMilliseconds)
            )
        }
    }

    /// Nothing more comes.
    func end() {
        isEnded = true
        outlet?.end()
        leave()
    }

    /// Ends the connection and not the stream.
    func disconnect(retryMilliseconds: Int) {
        prime(retryMilliseconds: retryMilliseconds)
        outlet?.end()
        leave()
    }

    /// Ends the connection, as if its client had left.
    func interrupt() {
        guard let outlet else { return }
        outlet.end()
        lose()
    }

    /// Goes on after the last event that a client has seen, over another connection.
    func attach(_ outlet: LoopBound<StreamOutlet>, after sequence: Int) {
        let bound = LoopBound(self, on: loop)
        let number = outletNumber + 1
        outlet.run { outlet in
            outlet.didLoseClient = { bound.run { $0.detach(number) } }
        }
        goOn(to: .connection(outlet), after: sequence)
    }

    /// Goes on after the last event that a client has seen, which has come back to another process.
    func forward(to process: ForwardedStream, after sequence: Int) {
        process.send(.found)
        goOn(to: .process(process), after: sequence)
    }

    private func goOn(to outlet: Outlet, after sequence: Int) {
        self.outlet?.end()
        self.outlet = outlet
        outletNumber += 1
        forgottenAt = nil
        for event in events where event.sequence > sequence {
            deliver(event.message, sequence: event.sequence, isDispensable: false)
        }
        if isEnded {
            outlet.end()
            leave()
        }
    }

    /// Ends here, since its client goes on with another stream, and gives away what the client has not
    /// seen: now, or when it is known what comes before that.
    func handOver(after sequence: Int, _ take: @escaping (StreamRest) -> Void) {
        isAwaited = true
        willHandOver { [self] changes in
            isAwaited = false
            end()
            let messages = events.filter { $0.sequence > sequence }.map(\.message)
            take(StreamRest(messages: messages, changes: changes))
            events = []
            byteCount = 0
        }
    }

    /// How many of its events come before the first that is handed over to a client which has seen
    /// those up to `sequence`.
    func seenCount(after sequence: Int) -> Int {
        max(sequence, (events.first?.sequence ?? 1) - 1)
    }

    /// Lets go of what was kept; a client that reads goes on reading.
    func forget() {
        isKept = false
        events = []
        byteCount = 0
        if outlet == nil { didForget() }
    }

    private func detach(_ number: Int) {
        if number == outletNumber { lose() }
    }

    private func lose() {
        leave()
        didLeave()
        if !isKept { didForget() }
    }

    private func leave() {
        outlet = nil
        forgottenAt = loop.monotonicMilliseconds + Self.retentionMilliseconds
    }

    private func deliver(_ message: ByteBuffer, sequence: Int, isDispensable: Bool) {
        switch outlet {
        case .connection(let outlet):
            let id = eventID(sequence)
            outlet.run { outlet in
                if isDispensable, outlet.isCongested { return }
                outlet.send(message.span, .init(id: id))
            }
        case .process(let forwarded):
            if isDispensable, forwarded.isCongested { return }
            forwarded.send(.message(sequence: sequence, message))
        case nil:
            return
        }
    }

    private func keep(_ message: ByteBuffer) {
        guard isKept else { return }
        events.append((lastSequence, message))
        byteCount += message.count
        while events.count > 1,
            byteCount > Self.byteCountMax || events.count > Self.eventCountMax
        {
            byteCount -= events.removeFirst().message.count
        }
    }

    private func eventID(_ sequence: Int) -> FieldValue? {
        id.with(sequence: sequence).fieldValue
    }
}
