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
    let makeHandler: () -> any HTTPRequestHandler

    /// The head being parsed: one for all, as a head is handed out as soon as it is complete.
    var head = RequestHead()

    /// Where responses are encoded before they are written.
    var output = ByteBuffer()

    var date: IMFFixdate

    /// Whether requests are still answered but connections close after them.
    private(set) var isDraining = false

    private var wheel = DeadlineWheel()
    private var connections: [HTTPConnection?] = []
    private var freeSlots: [Int32] = []
    private(set) var connectionCount = 0

    /// Told once, when the last connection of a draining loop has closed.
    private var drainObservers: [() -> Void] = []

    /// The connection whose bytes are being parsed: ``head`` and ``output`` are its.
    var advancingSlot: Int32?

    init(
        eventLoop: EventLoop,
        limits: HTTPServerLimits,
        census: ConnectionCensus,
        makeHandler: @escaping () -> any HTTPRequestHandler
    ) {
        self.eventLoop = eventLoop
        self.limits = limits
        self.census = census
        self.makeHandler = makeHandler
        date = IMFFixdate(secondsSinceEpoch: WallClock.secondsSinceEpoch())
    }

    /// Takes a new connection in, or closes it if there are too many.
    func accept(_ stream: ByteStream) {
        let peer = stream.peerAddress
        guard !isDraining, census.admit(peer) else {
            stream.close()
            return
        }
        let slot: Int32
        if let free = freeSlots.popLast() {
            slot = free
        } else {
            slot = Int32(clamping: connections.count)
            connections.append(nil)
        }
        let connection = HTTPConnection(stream: stream, peer: peer, slot: slot, loop: self)
        connections[Int(slot)] = connection
        connectionCount += 1
        connection.start()
    }

    func remove(_ connection: HTTPConnection) {
        connections[Int(connection.slot)] = nil
        freeSlots.append(connection.slot)
        connectionCount -= 1
        census.release(connection.peer)
        finishDraining()
    }

    // Deadlines.

    var tick: UInt32 { wheel.tick }

    /// Makes sure that a connection is looked at when its deadline comes.
    func schedule(_ connection: HTTPConnection) {
        let visit = wheel.tickToVisit(for: connection.deadline)
        if let scheduled = connection.scheduledVisit {
            // Not later than the entry that stands: it will come up first and be moved on.
            guard Int32(bitPattern: visit &- scheduled) < 0 else { return }
        }
        connection.scheduledVisit = visit
        wheel.add(connection.slot, at: visit)
    }

    /// One tick of the loop's timer.
    func advance() {
        date.update(secondsSinceEpoch: WallClock.secondsSinceEpoch())
        let due = wheel.advance()
        for slot in due {
            guard let connection = connections[Int(slot)],
                connection.scheduledVisit == wheel.tick
            else { continue }
            connection.scheduledVisit = nil
            if Int32(bitPattern: connection.deadline &- wheel.tick) <= 0 {
                connection.didReachDeadline()
            }
            if !connection.isClosed { schedule(connection) }
        }
    }

    // Draining.

    /// Closes what is idle and has the rest close after its response.
    func drain(_ didDrain: @escaping () -> Void) {
        isDraining = true
        drainObservers.append(didDrain)
        for connection in connections { connection?.drain() }
        finishDraining()
    }

    /// Closes everything, answered or not.
    func closeAll() {
        for connection in connections { connection?.close() }
    }

    private func finishDraining() {
        guard isDraining, connectionCount == 0 else { return }
        let observers = drainObservers
        drainObservers = []
        for didDrain in observers { didDrain() }
    }
}
