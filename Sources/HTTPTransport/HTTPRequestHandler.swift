public import HTTP1

/// What is done with the requests of a connection, one at a time.
///
/// Everything is called on the loop's thread. The spans are good during the call only. During a call
/// a handler responds on the connection it was given and on no other: what it has to say elsewhere
/// waits for a job of its own.
public protocol HTTPRequestHandler: AnyObject {
    /// A head is complete: answer it now, ask for the body, or say later which.
    ///
    /// - Parameters:
    ///   - head: The request. Its ranges are places in `bytes`.
    ///   - bytes: The bytes of the head.
    ///   - connection: Where to respond, now or after the body.
    /// - Returns: Whether that was the response, the body is wanted or the decision follows.
    func receiveHead(
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>,
        on connection: HTTPConnection
    ) -> HTTPHeadDecision

    /// The body that was asked for is complete; respond now or later.
    func receiveBody(_ body: Span<UInt8>, on connection: HTTPConnection)

    /// The server has answered something by itself that is no request, or of which no whole head came
    /// in time.
    ///
    /// Called for a handler that has no request, perhaps one that never has any.
    func didRefuseHead(_ status: HTTPStatus)

    /// The server has answered a request by itself whose head the handler has seen: its body is too
    /// long, malformed or did not come in time.
    func didRefuseBody(_ status: HTTPStatus)

    /// The response is overdue, or the decision that was put off: respond at once with something
    /// else.
    func didReachDeadline(on connection: HTTPConnection)

    /// A stream has been silent for ``HTTPServerLimits/streamKeepAliveSeconds``: say something, such
    /// as a comment.
    ///
    /// Otherwise neither the client nor what is between would know that the server is still there,
    /// nor the server that the client has gone. Whoever says nothing is asked again.
    func streamIsSilent(on connection: HTTPConnection)

    /// What waited to be sent on a stream has gone to the kernel: go on.
    func didDrainStream(on connection: HTTPConnection)

    /// The server drains: end what would never end by itself, and let the rest finish.
    ///
    /// Called for requests that are waited for and for streams; for a stream that begins later,
    /// soon after it has begun. A request that was waited for may so hear of it twice.
    func serverDrains(on connection: HTTPConnection)

    /// Whether a client that will send no more has given up on the answer it waits for.
    ///
    /// A client that closes its connection and one that closes only its half look the same until
    /// something is written; the protocol that is spoken decides which is meant.
    var endsWithClient: Bool { get }

    /// The exchange ended without its response: the client is gone or the server stops.
    ///
    /// Called for requests whose body was received, for those that wait for a decision, and for
    /// streams that were not ended; a head whose body never comes is not heard of again.
    func abandonExchange()

    /// Nothing is asked on the connection at the moment.
    ///
    /// - Returns: Whether the handler has forgotten the connection, its requests and whoever sent
    ///   them, and may be used for another one; `false` if it stays with this connection. Whoever
    ///   still refers to it finds its own request gone.
    func forgetConnection() -> Bool
}

// What a handler need not say that never streams, takes note of nothing or is made for each
// connection.
extension HTTPRequestHandler {
    public func didRefuseHead(_ status: HTTPStatus) {}
    public func didRefuseBody(_ status: HTTPStatus) {}
    public func streamIsSilent(on connection: HTTPConnection) {}
    public func didDrainStream(on connection: HTTPConnection) {}
    public func serverDrains(on connection: HTTPConnection) {}
    public func forgetConnection() -> Bool { false }
}

/// What a handler wants after it has seen a head.
public enum HTTPHeadDecision: Hashable, Sendable {
    /// The response was given; whatever body there is will be dropped.
    case responded
    /// The whole body, up to the server's limit.
    case readBody
    /// Nothing is known yet: ``HTTPConnection/readBody(of:)`` or a response follows in a job of its
    /// own, by ``HTTPServerLimits/decisionSeconds``.
    ///
    /// Nothing is read from the bytes behind the head meanwhile, and `100 (Continue)` is not sent.
    case wait
}
