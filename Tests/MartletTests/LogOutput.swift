import Bytes
import Logging
import Synchronization

/// All that a server logs: the access log, and what its logger is told.
final class LogOutput: Sendable {
    private let lines = Mutex("")

    var text: String { lines.withLock { $0 } }

    func append(_ bytes: ByteBuffer) {
        lines.withLock { $0 += String(decoding: bytes.bytes, as: UTF8.self) }
    }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(output: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let output: LogOutput
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        init(output: LogOutput) {
            self.output = output
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            output.append(ByteBuffer("\(event.level): \(event.message)\n"))
        }
    }
}
