public import HTTP1

/// What the transport allows a peer, in ticks of about a second and in bytes.
///
/// A deadline that is set between two ticks ends with the tick after it, so that nothing ends
/// early: a limit of 10 is 10 to 11 seconds.
public struct HTTPServerLimits: Hashable, Sendable {
    /// How much of a request's framing is read.
    public var framing = HTTPLimits()

    /// Bytes of a request's content; more is answered with 413.
    public var bodyByteCountMax = 1_048_576

    /// Connections of the process; more are closed as soon as they are accepted.
    public var connectionCountMax = 15_000

    /// Connections of one peer address (IPv6: of one /64 prefix); more are closed at once.
    public var connectionPerPeerCountMax = 12_000

    /// From the first byte of a head to its last; then 408 and the connection closes.
    public var headSeconds = 10

    /// From the beginning of a TLS handshake to its end; then the connection closes.
    public var handshakeSeconds = 10

    /// From the end of a head to the decision on it that its handler put off; then the handler must
    /// give an answer.
    public var decisionSeconds = 5

    /// From the end of the head to the end of the body; then 408 and the connection closes.
    public var bodySeconds = 30

    /// From one request to the next; then the connection closes.
    public var idleSeconds = 75

    /// From a response that the kernel did not take to its being taken; then the connection closes.
    ///
    /// Of a response that goes on, taking some is enough while no more than
    /// ``sendQueueHighWaterMark`` waits.
    public var writeStallSeconds = 30

    /// From the end of a request to its response, or to the beginning of one that goes on; then the handler must give another answer.
    public var responseSeconds = 30

    /// From the last byte of a response that goes on, such as an event stream, to the next; then its
    /// handler is asked to say something.
    public var streamKeepAliveSeconds = 15

    /// From the last byte sent on a connection that closes to its end.
    public var lingerSeconds = 1

    /// From the beginning of the drain to the first byte on a connection that has carried no request
    /// yet: one that has just been opened may have one on its way.
    public var newcomerSeconds = 1

    /// Bytes of a refused request's body that are read and dropped to keep its connection.
    public var discardedByteCountMax = 65_536

    /// Bytes waiting to be sent on one connection, above which no further request is read and
    /// whoever streams is to wait.
    public var sendQueueHighWaterMark = 262_144

    /// Bytes received ahead of the request being answered, above which reading pauses.
    public var receiveAheadByteCountMax = 65_536

    /// Connections the kernel holds for each loop until they are accepted (`listen(2)`).
    public var backlog: Int32 = 4_096

    /// How long one tick is.
    public var tickMilliseconds: UInt64 = 1_000

    public init() {}
}
