internal import Bytes
internal import Libuv
internal import Logging

/// Carries access records from the loops to where they are kept, on a thread of its own.
///
/// A reader that does not keep up costs records, never a request: what does not fit into the queue
/// is counted and the count is logged.
final class AccessLog: Sendable {
    /// Batches of lines that may wait to be written.
    static let waitingBatchCountMax = 4_096

    private let mailbox = Mailbox<ByteBuffer>(countMax: waitingBatchCountMax)
    private let thread: NativeThread

    /// - Parameters:
    ///   - output: Writes lines, and may take its time.
    ///   - logger: Told of lines that could not be written.
    /// - Throws: ``LibuvError`` when the process is out of threads.
    init(
        to output: @escaping ServerConfiguration.AccessLogOutput,
        logger: Logger
    ) throws(LibuvError) {
        let mailbox = mailbox
        thread = try NativeThread(name: "access-log") {
            while let batches = mailbox.receiveAll() {
                for batch in batches {
                    do throws(LibuvError) {
                        try output(batch)
                    } catch {
                        logger.error("access log: \(error)")
                    }
                }
            }
        }
    }

    /// The log that a configuration asks for, if it asks for one.
    ///
    /// - Parameters:
    ///   - configuration: Says in which format, and perhaps where to.
    ///   - descriptor: Where to if it does not.
    ///   - logger: Told of lines that could not be written.
    /// - Returns: `nil` if it asks for none.
    /// - Throws: ``LibuvError`` when the process is out of threads.
    static func opening(
        _ configuration: ServerConfiguration,
        orElse descriptor: OutputDescriptor,
        logger: Logger
    ) throws(LibuvError) -> AccessLog? {
        guard configuration.accessLog != .none else { return nil }
        if let output = configuration.accessLogOutput {
            return try AccessLog(to: output, logger: logger)
        }
        return try AccessLog(
            to: { lines throws(LibuvError) in try descriptor.write(lines.span) },
            logger: logger
        )
    }

    /// - Returns: `false` if the lines had to be dropped.
    func write(_ lines: ByteBuffer) -> Bool {
        mailbox.send(lines)
    }

    /// Writes what waits and ends the thread.
    func close() {
        mailbox.close()
        thread.join()
    }
}
