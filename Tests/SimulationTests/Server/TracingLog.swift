import Logging

/// Has what the server logs become part of the trace.
struct TracingLog: LogHandler {
    let trace: Trace
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    init(_ trace: Trace) {
        self.trace = trace
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        trace.note("log \(event.level): \(event.message)")
    }
}
