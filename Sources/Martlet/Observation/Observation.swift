internal import MCP

/// What is noted of a request for those who watch the server, besides the access log.
struct Observation {
    var method = HTTPRequestSeries.Method.other
    var route = Endpoint.Route.unknown
    var operation = Operation()

    /// Whether it was understood what a message asks for: from then on there is an operation that
    /// begins and ends.
    var isUnderstood = false

    /// The trace that the request belongs to, if it says so.
    var trace: RequestTrace?

    /// What tracing systems have added to it, where spans are made.
    var traceState = ""

    /// When its head was complete, its body, and when it was known what to do, in nanoseconds of the
    /// monotonic clock; the last two are 0 where nobody asks for them, or it has not come to that.
    var headAt: UInt64 = 0
    var bodyAt: UInt64 = 0
    var startAt: UInt64 = 0
}
