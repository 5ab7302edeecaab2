internal import Bytes
internal import HTTP1

/// A response that is the same for everybody, encoded once.
///
/// A class, so that handing it on counts one reference instead of those of all its parts.
final class ConstantResponse: Sendable {
    let head: ResponseHead
    let content: ByteBuffer

    /// The same as bytes on the wire, for requests without an origin.
    let prepared: PreparedResponse

    init(_ head: ResponseHead, content: ByteBuffer = ByteBuffer()) {
        self.head = head
        self.content = content
        prepared = PreparedResponse(head, content: content)
    }
}
