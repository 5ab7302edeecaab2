internal import Libuv

/// What the connections of one loop have to send and their clients do not take.
///
/// Not `Sendable`: the loop's, and asked on its thread. What is counted is counted where the kernel
/// takes less than it was given, and there alone.
public final class SendQueues {
    private let eventLoop: EventLoop

    /// Connections of which so much waited that nothing more is read from them, until nothing does.
    ///
    /// See ``HTTPServerLimits/sendQueueHighWaterMark``.
    public internal(set) var pausedConnectionCount = 0

    /// Connections that were closed because their client took nothing for too long.
    ///
    /// See ``HTTPServerLimits/writeStallSeconds``.
    public internal(set) var stalledConnectionCount: UInt64 = 0

    init(of eventLoop: EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Bytes that wait.
    public var byteCount: Int { eventLoop.queuedByteCount }
}
