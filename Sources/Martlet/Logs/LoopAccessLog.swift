internal import Bytes
internal import Libuv
internal import Logging
internal import Synchronization

/// One loop's side of the access log: lines gather for a second at most and leave together.
///
/// Only its loop appends. The lock is for the server, which takes the last lines when the loop has
/// ended; until then nobody else is there to wait for.
final class LoopAccessLog: Sendable {
    private struct State {
        var lines = ByteBuffer()
        var droppedBatchCount = 0
    }

    private let format: AccessLogFormat
    private let log: AccessLog
    private let logger: Logger
    private let state = Mutex(State())

    /// Lines are passed on when they exceed this, and otherwise with every tick.
    private static let byteCountMax = 16_384

    init(format: AccessLogFormat, log: AccessLog, logger: Logger) {
        self.format = format
        self.log = log
        self.logger = logger
    }

    func append(_ record: AccessRecord, statusCode: Int, nowSeconds: Int64, milliseconds: UInt64) {
        let isFull = state.withLock { state in
            record.encode(
                as: format,
                statusCode: statusCode,
                secondsSinceEpoch: nowSeconds,
                milliseconds: milliseconds,
                into: &state.lines
            )
            return state.lines.count > Self.byteCountMax
        }
        if isFull { flush() }
    }

    func flush() {
        let lines = state.withLock { state in
            var lines = ByteBuffer()
            swap(&lines, &state.lines)
            return lines
        }
        guard !lines.isEmpty, !log.write(lines) else { return }
        let count = state.withLock { state in
            state.droppedBatchCount += 1
            return state.droppedBatchCount
        }
        logger.warning(
            "access log: its reader does not keep up; batches dropped so far",
            metadata: ["dropped": "\(count)"]
        )
    }
}
