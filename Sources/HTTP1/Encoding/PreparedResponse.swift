public import Bytes

/// A whole response, encoded when the server starts.
///
/// What still varies, the date and the fate of the connection, stands in one place, so that sending
/// it is two or three copies.
public struct PreparedResponse: Hashable, Sendable {
    public let status: HTTPStatus

    /// Everything from the status line through the last field that does not vary.
    let lead: ByteBuffer
    let content: ByteBuffer

    /// - Precondition: `content` is empty if the status allows none.
    public init(_ head: ResponseHead, content: ByteBuffer = ByteBuffer()) {
        status = head.status
        var lead = ByteBuffer()
        ResponseEncoder.appendLead(head, contentByteCount: content.count, to: &lead)
        self.lead = lead
        self.content = content
    }
}
