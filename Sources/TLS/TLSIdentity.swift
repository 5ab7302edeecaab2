internal import COpenSSL

/// Who a server is to its clients: a certificate and its key, and whose certificates it asks clients
/// for.
///
/// It never changes; another certificate makes another identity, and connections keep theirs.
@safe
public final class TLSIdentity: Sendable {
    // Safe: OpenSSL counts the references of a context and locks what its connections share; nothing
    // is changed once it is made.
    nonisolated(unsafe) let context: OpaquePointer

    /// Whether the certificate's time is over, or has yet to come.
    public let isOutOfDate: Bool

    /// - Parameters:
    ///   - certificates: The server's certificate and whatever leads to its authority, in PEM.
    ///   - privateKey: The key of the first certificate, in PEM, not encrypted.
    ///   - clientAuthorities: Certificates of those who sign for clients, in PEM; then a client
    ///     without such a certificate is refused. `nil` asks for none.
    /// - Throws: ``TLSError``
    public init(
        certificates: [UInt8],
        privateKey: [UInt8],
        clientAuthorities: [UInt8]? = nil
    ) throws(TLSError) {
        guard let made = unsafe SSL_CTX_new(TLS_server_method()) else {
            throw .unavailable(reason: ErrorQueue.takeReason())
        }
        // Freed with `self`, also if this throws.
        unsafe context = made
        var isOutOfDate = false
        do throws(TLSError) {
            guard unsafe copenssl_set_defaults(made) == 1 else {
                throw .unavailable(reason: ErrorQueue.takeReason())
            }
            unsafe SSL_CTX_set_alpn_select_cb(made, onProtocolOffer, nil)
            unsafe SSL_CTX_set_num_tickets(made, 1)
            isOutOfDate = try unsafe Self.use(certificates, in: made)
            try unsafe Self.useKey(privateKey, in: made)
            if let clientAuthorities {
                try unsafe Self.askClients(for: clientAuthorities, in: made)
            }
        } catch {
            unsafe SSL_CTX_free(made)
            throw error
        }
        self.isOutOfDate = isOutOfDate
    }

    deinit {
        unsafe SSL_CTX_free(context)
    }

    /// - Returns: Whether the server's own certificate is out of date.
    @unsafe
    private static func use(
        _ text: [UInt8],
        in context: OpaquePointer
    ) throws(TLSError) -> Bool {
        let chain = try unsafe PEMReader(text).certificates(.certificate)
        var isOutOfDate = false
        for index in unsafe chain.indices {
            let certificate = unsafe chain[index]
            let status: Int
            if index == 0 {
                status = unsafe Int(SSL_CTX_use_certificate(context, certificate))
                isOutOfDate = unsafe Self.isOutOfDate(certificate)
                unsafe X509_free(certificate)
            } else {
                status = unsafe copenssl_add_chain_certificate(context, certificate)
                if status != 1 { unsafe X509_free(certificate) }
            }
            guard status == 1 else {
                for rest in unsafe (index + 1)..<chain.count { unsafe X509_free(chain[rest]) }
                throw .malformed(.certificate, reason: ErrorQueue.takeReason())
            }
        }
        return isOutOfDate
    }

    @unsafe
    private static func isOutOfDate(_ certificate: OpaquePointer) -> Bool {
        unsafe X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0
            || X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0
    }

    @unsafe
    private static func useKey(
        _ text: [UInt8],
        in context: OpaquePointer
    ) throws(TLSError) {
        let key = try unsafe PEMReader(text).privateKey()
        defer { unsafe EVP_PKEY_free(key) }
        guard unsafe SSL_CTX_use_PrivateKey(context, key) == 1,
            unsafe SSL_CTX_check_private_key(context) == 1
        else {
            ErrorQueue.clear()
            throw .keyMismatch
        }
    }

    @unsafe
    private static func askClients(
        for text: [UInt8],
        in context: OpaquePointer
    ) throws(TLSError) {
        let authorities = try unsafe PEMReader(text).certificates(.clientAuthorities)
        defer {
            for index in unsafe authorities.indices { unsafe X509_free(authorities[index]) }
        }
        for index in unsafe authorities.indices {
            let certificate = unsafe authorities[index]
            guard unsafe X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate) == 1,
                unsafe SSL_CTX_add_client_CA(context, certificate) == 1
            else {
                throw .malformed(.clientAuthorities, reason: ErrorQueue.takeReason())
            }
        }
        unsafe SSL_CTX_set_verify(
            context,
            SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
            nil
        )
        // Sessions that are resumed must be of this server, or their client was not asked.
        let name = Array("martlet".utf8)
        _ = unsafe SSL_CTX_set_session_id_context(context, name, CUnsignedInt(name.count))
    }
}

/// Chooses `http/1.1` among what a client offers (RFC 7301 §3.2); one that offers other protocols
/// alone is refused.
private let onProtocolOffer: SSL_CTX_alpn_select_cb_func = {
    _,
    chosen,
    chosenCount,
    offer,
    count,
    _ in
    var position = 0
    let name = Array("http/1.1".utf8)
    while position < Int(count) {
        guard let start = unsafe offer?.advanced(by: position) else { break }
        let length = Int(unsafe start.pointee)
        guard position + 1 + length <= Int(count) else { break }
        let offered = unsafe UnsafeBufferPointer(start: start + 1, count: length)
        if unsafe offered.elementsEqual(name) {
            // A place in the client's own list, as OpenSSL wants it.
            unsafe chosen?.pointee = unsafe start + 1
            unsafe chosenCount?.pointee = UInt8(length)
            return SSL_TLSEXT_ERR_OK
        }
        position += 1 + length
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
}
