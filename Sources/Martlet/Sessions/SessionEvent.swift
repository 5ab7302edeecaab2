internal import MCP

/// Something that happened to a legacy session and that every loop, and every replica, must know.
enum SessionEvent: Hashable, Sendable {
    case ended(LegacySession)
    case changed(LegacySession, SessionChange)

    /// The client answers a request of the server.
    case answered(SessionID, ClientResponse)

    /// The client takes back a request.
    case cancelled(SessionID, RequestID)

    /// The client comes back for the rest of a stream of another process, which is to be sent under a
    /// ticket; that of a session to the stream that goes on in its place.
    case resumed(SessionID, EventID, ticket: UInt64, successor: EventID?)

    /// A part of the rest.
    case continued(SessionID, ticket: UInt64, StreamPart)
}
