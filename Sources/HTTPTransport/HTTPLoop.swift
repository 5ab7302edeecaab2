internal import Bytes
internal import HTTP1
internal import Libuv

/// What the connections of one loop share: buffers, deadlines, the list of themselves.
///
/// Not `Sendable`: lives on the loop's thread, inside ``HTTPLoopService``.
final class HTTPLoop {
    let eventLoop: EventLoop
    let limits: HTTPServerLimits
    let census: ConnectionCensus
    let intake: HTTPIntake
    let sendQueues: SendQueues
    private let makeHandler: () -> any HTTPRequestHandler

    /// Handlers that no connection needs at the moment: most connections are idle most of the time.
    private var idleHandlers: [any HTTPRequestHandler] = []

    /// Beyond as many requests at once, handlers are made anew.
    private static let idleHandlerCountMax = 1_024

    /// The head being parsed: one for all, as a head is handed out as soon as it is complete.
    var head = RequestHead()

    /// Where responses are encoded before they are written.
    private(set) var output = ByteBuffer()

    private(set) var date: IMFFixdate

    /// How far the end of the loop's work has come.
    enum Stage {
        case serving
        /// All goes on, but every answer ends its connection.
        case leaving
        /// Nothing is accepted, what is idle is closed, what never ends is asked to.
        case draining
    }

    private(set) var stage = Stage.serving

    private var wheel = DeadlineWheel()
    private var connections: [HTTPConnection?] = []
    private var freeSlots: [Int32] = []
    private(set) var connectionCount = 0

    // What TLS needs while bytes are on their way, empty where nothing is encrypted.
    var plaintext: [UInt8] = []
    var ciphertext = ByteBuffer()

    /// Connections before their first request: it is not known yet whose they are, or they shake
    /// hands.
    var arrivals: [ObjectIdentifier: Arrival] = [:]

    /// When trouble with arrivals was last reported, and how much was not since.
    var reportTick: UInt32?
    var unreportedCount = 0

    /// Told once, when the last connection of a draining loop has closed.
    private var drainObservers: [() -> Void] = []

    /// The connection whose bytes are being parsed: ``head`` and ``output`` are its.
    var advancingSlot: Int32?

    init(
        eventLoop: EventLoop,
        limits: HTTPServerLimits,
        census: ConnectionCensus,
        intake: HTTPIntake,
        sendQueues: SendQueues,
        makeHandler: @escaping () -> any HTTPRequestHandler
    ) {
        self.eventLoop = eventLoop
        self.limits = limits
        self.census = census
        self.intake = intake
        self.sendQueues = sendQueues
        self.makeHandler = makeHandler
        date = IMFFixdate(secondsSinceEpoch: WallClock.secondsSinceEpoch())
    }

    /// Begins with a connection that is counted already.
    ///
    /// - Parameters:
    ///   - stream: Where it comes in.
    ///   - peer: Whose it is.
    ///   - isPeerKnown: `false` if that is a proxy which does not know for whom it speaks.
    ///   - counted: As whose it is counted.
    ///   - tls: What encrypts it.
    ///   - received: What has come on it.
    func begin(
        _ stream: ByteStream,
        from peer: PeerAddress?,
        isPeerKnown: Bool = true,
        countedAs counted: PeerAddress?,
        under tls: TLSLayer? = nil,
        with received: ByteBuffer = ByteBuffer()
    ) {
        let slot: Int32
        if let free = freeSlots.popLast() {
            slot = free
        } else {
            slot = Int32(clamping: connections.count)
            connections.append(nil)
        }
        let connection = HTTPConnection(
            stream: stream,
            tls: tls,
            peer: peer,
            isPeerKnown: isPeerKnown,
            countedPeer: counted,
            slot: slot,
            loop: self
        )
        connections[Int(slot)] = connection
        connectionCount += 1
        connection.start()
        if stage == .draining { connection.drain() }
        if !received.isEmpty { connection.didRead(received.span) }
    }

    /// A handler for a connection that has none.
    func takeHandler() -> any HTTPRequestHandler {
        idleHandlers.popLast() ?? makeHandler()
    }

    /// Keeps a handler that has forgotten its connection.
    func keepHandler(_ handler: any HTTPRequestHandler) {
        if idleHandlers.count < Self.idleHandlerCountMax { idleHandlers.append(handler) }
    }

    /// Lends the output to whoever encodes, with all that this turn has said so far.
    func takeOutput() -> ByteBuffer {
        var taken = ByteBuffer()
        swap(&taken, &output)
        return taken
    }

    func putOutput(_ bytes: consuming ByteBuffer) {
        swap(&bytes, &output)
    }

    func remove(_ connection: HTTPConnection) {
        connections[Int(connection.slot)] = nil
        freeSlots.append(connection.slot)
        connectionCount -= 1
        if connection.isSendQueueFull { sendQueues.pausedConnectionCount -= 1 }
        census.release(connection.countedPeer)
        finishDraining()
    }

    // Deadlines.

    /// Where the wheel stands.
    private(set) var tick: UInt32 = 0

    /// Makes sure that a connection is looked at when its deadline comes.
    func schedule(_ connection: HTTPConnection) {
        let visit = DeadlineWheel.tickToVisit(for: connection.deadline, from: tick)
        if let scheduled = connection.scheduledVisit {
            // Not later than the entry that stands: it will come up first and be moved on.
            guard Int32(bitPattern: visit &- scheduled) < 0 else { return }
        }
        connection.scheduledVisit = visit
        wheel.add(connection.slot, at: visit)
    }

    /// One tick of the loop's timer.
    func advance() {
        var date = date
        date.update(secondsSinceEpoch: WallClock.secondsSinceEpoch())
        self.date = date
        let due = wheel.advance()
        tick = wheel.tick
        for slot in due {
            guard let connection = connections[Int(slot)],
                connection.scheduledVisit == tick
            else { continue }
            connection.scheduledVisit = nil
            if Int32(bitPattern: connection.deadline &- tick) <= 0 {
                connection.didReachDeadline()
            }
            if !connection.isClosed { schedule(connection) }
        }
        advanceArrivals()
    }

    // Draining.

    /// Has every answer end its connection from now on.
    func announceDrain() {
        guard stage == .serving else { return }
        stage = .leaving
        for connection in connections { connection?.announceDrain() }
    }

    /// Closes what is idle and has the rest close after its response.
    func drain(_ didDrain: @escaping () -> Void) {
        stage = .draining
        drainObservers.append(didDrain)
        for connection in connections { connection?.drain() }
        hurryArrivals()
        finishDraining()
    }

    /// Closes everything, answered or not.
    func closeAll() {
        for connection in connections { connection?.close() }
        for arrival in Array(arrivals.values) { arrival.close() }
    }

    func finishDraining() {
        guard stage == .draining, connectionCount == 0, arrivals.isEmpty else { return }
        let observers = drainObservers
        drainObservers = []
        for didDrain in observers { didDrain() }
    }
}
