public import AccessControl
public import JSON

/// What the transport does with a message.
public enum Dispatch: Sendable {
    /// The response is in the buffer.
    case respond(statusCode: Int)

    /// The response is in the buffer, and a session begins.
    case beginSession(version: ProtocolVersion, capabilities: ClientCapabilities)

    /// A notification or response was taken: 202 without content.
    case accepted

    /// The message cannot be answered in JSON-RPC, since its revision demands an id that could not
    /// be read; the buffer holds a sentence in plain text.
    case respondInPlainText(statusCode: Int)

    /// The caller may not; the challenge is the transport's.
    case refuse(AccessDecision)

    /// A request that is answered when it has run.
    case call(FeatureCall)

    /// A call that is not run, since its result is that of the same call before; the response is
    /// in the buffer.
    case repeated(RepeatedCall)

    /// A stream of notifications begins.
    case listen(ListenRequest)

    /// Something is asked of a task.
    case task(TaskRequest)

    /// The session changes; the response in the buffer is sent when it has.
    case change(SessionChange)

    /// The client answers a request of the server.
    case deliver(ClientResponse)

    /// The client takes back a request of its session.
    case cancel(RequestID)

    /// Several messages at once (JSON-RPC 2.0 §6), each to be dispatched by itself: their places
    /// in the body.
    case batch([Range<Int>])
}

/// What a legacy client changes of its session.
public enum SessionChange: Hashable, Sendable {
    case logLevel(LogLevel)
    case subscribe(uri: String)
    case unsubscribe(uri: String)
}

/// A client's answer to a request of the server.
public struct ClientResponse: Hashable, Sendable {
    /// The id that the request had.
    public let id: RequestID

    /// `nil` if the client answered with an error.
    public let result: RawJSON?

    package init(id: RequestID, result: RawJSON?) {
        self.id = id
        self.result = result
    }
}

/// The legacy session that a request belongs to, as far as the protocol depends on it.
public struct SessionState: Hashable, Sendable {
    public let version: ProtocolVersion
    public let capabilities: ClientCapabilities

    /// The least grave messages that the client wants.
    public let logLevel: LogLevel

    /// How many resources it has subscribed to.
    public let subscriptionCount: Int

    public init(
        version: ProtocolVersion,
        capabilities: ClientCapabilities = [],
        logLevel: LogLevel = .sessionDefault,
        subscriptionCount: Int = 0
    ) {
        self.version = version
        self.capabilities = capabilities
        self.logLevel = logLevel
        self.subscriptionCount = subscriptionCount
    }
}
