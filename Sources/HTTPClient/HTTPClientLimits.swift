/// What a server may cost the one who asks it.
public struct HTTPClientLimits: Hashable, Sendable {
    /// Bytes of a body; one more ends the transfer.
    public var bodyByteCountMax = 1_048_576

    /// Bytes of all that is not the body: status lines, field lines, interim responses, trailers.
    public var headByteCountMax = 32_768

    /// From the call to its answer, with all redirects, and with the wait for other transfers.
    public var totalSeconds = 10

    /// From the beginning of a connection, with the look-up of the name and TLS, to its readiness.
    public var connectSeconds = 5

    /// Redirects followed, one after the other.
    public var redirectCountMax = 3

    /// Transfers at a time; more wait for one of them to end.
    ///
    /// So many connections are kept, too, for the next request to the same server.
    public var transferCountMax = 8

    /// Transfers that wait; more are refused.
    public var waitingCountMax = 256

    public init() {}

    /// Whether every limit is one: libcurl takes a time of zero for none.
    ///
    /// The times are bounded by a day, for which no answer to a request takes.
    var isSound: Bool {
        bodyByteCountMax >= 0 && headByteCountMax > 0 && (1...86_400).contains(totalSeconds)
            && (1...86_400).contains(connectSeconds) && redirectCountMax >= 0
            && transferCountMax > 0 && waitingCountMax >= 0
    }
}
