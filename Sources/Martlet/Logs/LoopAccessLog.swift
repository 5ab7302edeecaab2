internal import Bytes
internal import Libuv
internal import Logging

/// One loop's side of the access log: lines gather during a turn and leave together.
///
/// Not `Sendable`: lives on the loop's thread.
final class LoopAccessLog {
    let format: AccessLogFormat
    private let log: AccessLog
    private let logger: Logger
    private var lines = ByteBuffer()
    private var droppedBatchCount = 0

    /// Lines are passed on when they exceed this, and otherwise with every tick.
    private static let byteCountMax = 16_384

    init(format: AccessLogFormat, log: AccessLog, logger: Logger) {
        self.format = format
        self.log = log
        self.logger = logger
    }

    func append(_ record: AccessRecord, statusCode: Int, nowSeconds: Int64, milliseconds: UInt64) {
        record.encode(
            as: format,
            statusCode: statusCode,
            secondsSinceEpoch: nowSeconds,
            milliseconds: milliseconds,
            into: &lines
        )
        if lines.count > Self.byteCountMax { flush() }
    }

    func flush() {
        guard !lines.isEmpty else { return }
        if !log.write(lines) {
            droppedBatchCount += 1
            logger.warning(
                "access log: standard output does not keep up; batches dropped so far",
                metadata: ["dropped": "\(droppedBatchCount)"]
            )
        }
        lines = ByteBuffer()
    }
}
