/// A server's part of a trace: one operation, from its beginning to its end.
public struct TraceSpan: Sendable {
    /// The trace, 16 bytes, in two halves.
    public let traceHigh: UInt64
    public let traceLow: UInt64
    public let id: UInt64

    /// The span that called; 0 for none.
    public let parentID: UInt64

    /// What tracing systems have added to the parent (W3C Trace Context §3.3), as it came.
    public let state: String

    public var name = ""
    public var attributes: [MetricFamily.Attribute] = []

    /// Nanoseconds since 1970.
    public var startNanoseconds: UInt64 = 0
    public var endNanoseconds: UInt64 = 0

    /// What kind of error the operation ended with; `nil` for none.
    public var errorType: String?

    public init(
        traceHigh: UInt64,
        traceLow: UInt64,
        id: UInt64,
        parentID: UInt64,
        state: String
    ) {
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.id = id
        self.parentID = parentID
        self.state = state
    }
}
