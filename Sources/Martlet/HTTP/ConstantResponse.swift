internal import Bytes
internal import HTTP1

/// A response that is the same for everybody, encoded once.
///
/// A class, so that handing it on counts one reference instead of those of all its parts.
final class ConstantResponse: Sendable {
    let head: ResponseHead
    let content: ByteBuffer

    /// What is recorded of a request that is answered with this; `nil` where nobody is refused.
    let refusal: RefusalReason?

    /// More of the reason, as the client is told it; empty if there is no more.
    let detail: String

    /// The same as bytes on the wire, for requests without an origin.
    let prepared: PreparedResponse

    init(
        _ head: ResponseHead,
        content: ByteBuffer = ByteBuffer(),
        refusal: RefusalReason? = nil,
        detail: String = ""
    ) {
        self.head = head
        self.content = content
        self.refusal = refusal
        self.detail = detail
        prepared = PreparedResponse(head, content: content)
    }
}
