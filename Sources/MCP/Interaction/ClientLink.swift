public import JSON

/// The way from a request that is being answered to the client that made it.
///
/// A transport has one for each request. What cannot be said any more (the client is gone, the
/// request was answered) is dropped.
public protocol ClientLink: Sendable {
    /// Sends a notification ahead of the response: a whole JSON-RPC message.
    ///
    /// Called from any thread; the order is kept. A client that does not read loses notifications,
    /// never the response.
    func notify(_ notification: RawJSON)

    /// Sends requests to the client and waits for its results, in the order of `requests`.
    ///
    /// Only called in the legacy era: the modern protocol knows no requests of the server.
    ///
    /// - Throws: ``RequestFailure/rejected(message:)`` if the client answers with an error, or not
    ///   in time.
    func ask(_ requests: [InputRequest]) async throws(RequestFailure) -> [RawJSON]

    /// Ends the connection and not the request: the client comes back for the response after
    /// `retryMilliseconds` (MCP 2025-11-25, *Transports*, "Sending Messages to the Server").
    ///
    /// Does nothing where responses are not kept for resumption.
    func disconnect(retryMilliseconds: Int)
}
