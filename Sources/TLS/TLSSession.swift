public import Bytes
internal import COpenSSL

/// One server's side of TLS on one connection, between ciphertext and plaintext in memory.
///
/// Not `Sendable`: used on one thread. It has no socket and no buffers of its own: ciphertext that
/// came is read where it lies, and what is to be sent gathers in ``output``.
@safe
public final class TLSSession {
    /// What follows from ciphertext.
    public enum Event: Hashable, Sendable {
        /// The handshake is complete.
        case established
        /// So many bytes of plaintext stand in the buffer.
        case plaintext(byteCount: Int)
        /// The peer sends no more, and says so (`close_notify`).
        case ended
        case needsMoreInput
    }

    /// Bytes that one record carries at most (RFC 8446 §5.1).
    public static let plaintextByteCountMax = 16_384

    private let ssl: OpaquePointer
    private let identity: TLSIdentity
    private var isEstablished = false
    private var hasEnded = false

    /// Ciphertext to be sent, in order.
    public var output = ByteBuffer()

    // Safe: set for the time of `withInput` only, while the bytes are borrowed.
    private var input: UnsafeRawBufferPointer = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    private var inputOffset = 0

    /// - Throws: ``TLSError/unavailable(reason:)`` if there is no memory.
    public init(_ identity: TLSIdentity) throws(TLSError) {
        self.identity = identity
        guard let made = unsafe SSL_new(identity.context) else {
            throw .unavailable(reason: ErrorQueue.takeReason())
        }
        guard let method = unsafe SpanBIO.method, let bio = unsafe BIO_new(method) else {
            // Not yet the session's, whose end would free it.
            unsafe SSL_free(made)
            throw .unavailable(reason: ErrorQueue.takeReason())
        }
        unsafe ssl = made
        // Safe: the session owns the connection, which owns the BIO, so neither outlives it.
        unsafe BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        unsafe BIO_set_init(bio, 1)
        unsafe SSL_set_bio(made, bio, bio)
        unsafe SSL_set_accept_state(made)
    }

    deinit {
        unsafe SSL_free(ssl)
    }

    /// Lends ciphertext that has come to whatever asks for events in `body`.
    ///
    /// What is not asked for within is lost.
    public func withInput(_ ciphertext: Span<UInt8>, _ body: () -> Void) {
        unsafe ciphertext.withUnsafeBytes { bytes in
            unsafe input = bytes
            inputOffset = 0
            body()
            unsafe input = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
            inputOffset = 0
        }
    }

    /// Goes on with what has come.
    ///
    /// - Parameter buffer: Where plaintext is put; as long as ``plaintextByteCountMax``.
    /// - Returns: One thing that follows; ``Event/needsMoreInput`` when all has been told.
    /// - Throws: ``TLSError``: the connection is of no further use, but for what is in ``output``, which
    ///   tells the peer why.
    public func next(into buffer: inout [UInt8]) throws(TLSError) -> Event {
        if hasEnded { return .needsMoreInput }
        ErrorQueue.clear()
        guard isEstablished else { return try shakeHands() }
        var count = 0
        let status = unsafe buffer.withUnsafeMutableBytes { buffer in
            unsafe SSL_read_ex(ssl, buffer.baseAddress, buffer.count, &count)
        }
        if status == 1 { return .plaintext(byteCount: count) }
        switch unsafe SSL_get_error(ssl, status) {
        case SSL_ERROR_WANT_READ: return .needsMoreInput
        case SSL_ERROR_ZERO_RETURN:
            hasEnded = true
            return .ended
        default:
            hasEnded = true
            throw .connection(reason: ErrorQueue.takeReason())
        }
    }

    private func shakeHands() throws(TLSError) -> Event {
        let status = unsafe SSL_do_handshake(ssl)
        if status == 1 {
            isEstablished = true
            return .established
        }
        guard unsafe SSL_get_error(ssl, status) == SSL_ERROR_WANT_READ else {
            hasEnded = true
            throw .handshake(reason: ErrorQueue.takeReason())
        }
        return .needsMoreInput
    }

    /// Encrypts bytes behind those that wait in ``output``.
    ///
    /// - Throws: ``TLSError`` if the connection has failed.
    /// - Precondition: The handshake is complete.
    public func write(_ plaintext: Span<UInt8>) throws(TLSError) {
        guard !plaintext.isEmpty else { return }
        ErrorQueue.clear()
        var count = 0
        let status = unsafe plaintext.withUnsafeBytes { bytes in
            unsafe SSL_write_ex(ssl, bytes.baseAddress, bytes.count, &count)
        }
        // Memory takes all of it.
        guard status == 1, count == plaintext.count else {
            throw .connection(reason: ErrorQueue.takeReason())
        }
    }

    /// Says that nothing follows (`close_notify`, RFC 8446 §6.1).
    public func finishWriting() {
        guard isEstablished else { return }
        ErrorQueue.clear()
        _ = unsafe SSL_shutdown(ssl)
        ErrorQueue.clear()
    }

    // What OpenSSL asks of its BIO.

    /// - Returns: How many bytes were there; 0 for none.
    @unsafe
    fileprivate func takeInput(into buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
        let taken = unsafe min(count, input.count - inputOffset)
        guard taken > 0, let base = unsafe input.baseAddress else { return 0 }
        unsafe buffer.copyMemory(from: base + inputOffset, byteCount: taken)
        inputOffset += taken
        return taken
    }

    @unsafe
    fileprivate func putOutput(_ bytes: UnsafeRawBufferPointer) {
        unsafe output.bytes.append(contentsOf: bytes)
    }
}

/// The BIO through which OpenSSL reads what was lent to a session and writes to its output.
private enum SpanBIO {
    // Safe: made once, by the lazy initialization of a static, and only read from then on.
    nonisolated(unsafe) static let method: OpaquePointer? = {
        let kind = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK
        guard let method = unsafe BIO_meth_new(kind, "span") else { return nil }
        unsafe BIO_meth_set_read(method, onRead)
        unsafe BIO_meth_set_write(method, onWrite)
        unsafe BIO_meth_set_ctrl(method, onControl)
        return unsafe method
    }()

    private static let onRead:
        @convention(c) (OpaquePointer?, UnsafeMutablePointer<CChar>?, CInt)
            -> CInt = { bio, buffer, count in
                unsafe copenssl_clear_retry(bio)
                guard let context = unsafe BIO_get_data(bio), let buffer = unsafe buffer else {
                    return -1
                }
                let session = unsafe Unmanaged<TLSSession>.fromOpaque(context).takeUnretainedValue()
                let taken = unsafe session.takeInput(
                    into: UnsafeMutableRawPointer(buffer),
                    Int(count)
                )
                if taken == 0 {
                    unsafe copenssl_retry_read(bio)
                    return -1
                }
                return CInt(taken)
            }

    private static let onWrite:
        @convention(c) (OpaquePointer?, UnsafePointer<CChar>?, CInt) -> CInt =
            { bio, bytes, count in
                unsafe copenssl_clear_retry(bio)
                guard let context = unsafe BIO_get_data(bio), let bytes = unsafe bytes else {
                    return -1
                }
                let session = unsafe Unmanaged<TLSSession>.fromOpaque(context).takeUnretainedValue()
                unsafe session.putOutput(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
                return count
            }

    private static let onControl:
        @convention(c) (
            OpaquePointer?, CInt, CLong, UnsafeMutableRawPointer?
        ) -> CLong = { _, command, _, _ in
            // Whatever was written has gone where it is taken from.
            command == BIO_CTRL_FLUSH ? 1 : 0
        }
}
