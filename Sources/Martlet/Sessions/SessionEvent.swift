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
    /// ticket.
    case resumed(SessionID, EventID, ticket: UInt64)

    /// A part of the rest.
    case continued(SessionID, ticket: UInt64, StreamPart)
}
