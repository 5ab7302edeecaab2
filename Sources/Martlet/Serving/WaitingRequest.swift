internal import Bytes
internal import HTTPTransport

/// A request whose token needs a key that is being fetched: what is needed of its head to go on.
///
/// The head itself lies in a buffer that other connections use meanwhile.
final class WaitingRequest {
    let token: ByteBuffer
    let sessionField: SessionField

    /// What the session field's range counts in.
    let sessionBytes: ByteBuffer
    let connection: HTTPConnection
    let exchange: HTTPConnection.ExchangeID
    var missing: LoopKeys.MissingKey

    private let handler: EndpointHandler

    init(
        _ token: Span<UInt8>,
        _ sessionField: SessionField,
        in bytes: Span<UInt8>,
        missing: LoopKeys.MissingKey,
        on connection: HTTPConnection,
        handler: EndpointHandler
    ) {
        self.token = ByteBuffer(copying: token)
        if case .single(let range) = sessionField {
            sessionBytes = ByteBuffer(copying: bytes.extracting(range))
            self.sessionField = .single(0..<range.count)
        } else {
            sessionBytes = ByteBuffer()
            self.sessionField = sessionField
        }
        self.missing = missing
        self.connection = connection
        exchange = connection.currentExchange
        self.handler = handler
    }

    /// Looks again whether the token verifies.
    func resume() {
        handler.resume(self)
    }
}
