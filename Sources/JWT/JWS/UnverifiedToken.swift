internal import Bytes

/// A token in compact serialization, taken apart and decoded (RFC 7515 §7.1).
///
///     BASE64URL(JOSE header) "." BASE64URL(JWS payload) "." BASE64URL(JWS signature)
///
/// Nothing of it may be believed.
struct UnverifiedToken {
    /// Payload, header and signature one after the other: one allocation for all three.
    private var bytes: ByteBuffer
    private let payloadEnd: Int
    private let headerEnd: Int

    /// Header, full stop and payload as they stand in the token: what is signed.
    let signingInput: Range<Int>

    /// - Throws: ``TokenRejection/tooLong(byteCountMax:)``,
    ///   ``TokenRejection/notCompactSerialization`` or ``TokenRejection/notBase64URL(_:)``.
    init(decoding token: borrowing Span<UInt8>) throws(TokenRejection) {
        guard token.count <= TokenVerifier.tokenByteCountMax else {
            throw .tooLong(byteCountMax: TokenVerifier.tokenByteCountMax)
        }
        guard let firstStop = token.firstIndex(of: ASCII.fullStop), firstStop > 0,
            let secondStop = token.firstIndex(of: ASCII.fullStop, from: firstStop + 1),
            token.firstIndex(of: ASCII.fullStop, from: secondStop + 1) == nil,
            secondStop + 1 < token.count
        else { throw .notCompactSerialization }

        var bytes = ByteBuffer()
        bytes.bytes.reserveCapacity(token.count / 4 * 3 + Base64URL.excessByteCountMax)
        let payload = token.extracting((firstStop + 1)..<secondStop)
        guard Base64URL.decode(payload, into: &bytes) else { throw .notBase64URL(.payload) }
        payloadEnd = bytes.count
        let header = token.extracting(0..<firstStop)
        guard Base64URL.decode(header, into: &bytes) else { throw .notBase64URL(.header) }
        headerEnd = bytes.count
        let signature = token.extracting((secondStop + 1)..<token.count)
        guard Base64URL.decode(signature, into: &bytes) else { throw .notBase64URL(.signature) }
        self.bytes = bytes
        signingInput = 0..<secondStop
    }

    var payload: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span.extracting(0..<payloadEnd) }
    }

    var header: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span.extracting(payloadEnd..<headerEnd) }
    }

    var signature: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span.extracting(headerEnd..<bytes.count) }
    }

    /// The payload alone, in the storage that held all three parts.
    consuming func takePayload() -> ByteBuffer {
        bytes.bytes.removeLast(bytes.count - payloadEnd)
        return bytes
    }
}
