internal import Synchronization

/// Tells, again and again, that every loop of a group turns; falls silent when one does not.
///
/// What a watchdog wants to know: a process whose loop is stuck looks alive from outside.
public final class LoopHeartbeat: Sendable {
    private let loops: [EventLoop]
    private let milliseconds: UInt64
    private let beat: @Sendable () -> Void

    /// Which loops have turned since the last beat.
    private let hasTurned: Mutex<[Bool]>

    /// - Parameters:
    ///   - group: The loops that must turn.
    ///   - milliseconds: From one beat to the next.
    ///   - beat: Called on the first loop.
    public init(
        of group: EventLoopGroup,
        everyMilliseconds milliseconds: UInt64,
        _ beat: @escaping @Sendable () -> Void
    ) {
        loops = group.loops
        self.milliseconds = milliseconds
        self.beat = beat
        hasTurned = Mutex(group.loops.map { _ in true })
    }

    /// Begins; ends with the loops.
    public func start() {
        loops[0].submit { [self] in
            tick()
            _ = Ticker(on: loops[0], everyMilliseconds: milliseconds) { self.tick() }
        }
    }

    private func tick() {
        let areAllAlive = hasTurned.withLock { hasTurned in
            guard hasTurned.allSatisfy(\.self) else { return false }
            for index in hasTurned.indices { hasTurned[index] = false }
            return true
        }
        guard areAllAlive else { return }
        beat()
        for index in loops.indices {
            loops[index].submit { self.hasTurned.withLock { $0[index] = true } }
        }
    }
}
