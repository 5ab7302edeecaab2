internal import COpenSSL

/// Reads certificates and keys from a text in PEM (RFC 7468).
@safe
final class PEMReader {
    private let bio: OpaquePointer

    /// Whether the text says of itself that it holds one, readable or not.
    private let hasPrivateKey: Bool

    /// - Throws: ``TLSError/unavailable(reason:)`` if there is no memory.
    init(_ text: [UInt8]) throws(TLSError) {
        ErrorQueue.clear()
        hasPrivateKey = String(decoding: text, as: UTF8.self).contains("PRIVATE KEY-----")
        let made = unsafe text.withUnsafeBytes { bytes in
            // The text is copied: it is the caller's.
            let bio = unsafe BIO_new(BIO_s_mem())
            if let bio = unsafe bio {
                _ = unsafe BIO_write(bio, bytes.baseAddress, CInt(clamping: bytes.count))
            }
            return unsafe bio
        }
        guard let made = unsafe made else {
            throw .unavailable(reason: ErrorQueue.takeReason())
        }
        unsafe bio = made
    }

    deinit {
        _ = unsafe BIO_free(bio)
    }

    /// All certificates in the text, for the caller to free.
    ///
    /// - Throws: ``TLSError``; what was read before is freed.
    func certificates(_ material: TLSError.Material) throws(TLSError) -> [OpaquePointer] {
        var certificates: [OpaquePointer] = unsafe []
        while let certificate = unsafe PEM_read_bio_X509(bio, nil, nil, nil) {
            unsafe certificates.append(certificate)
        }
        let error = ERR_peek_last_error()
        // "No start line" is how the text ends.
        let isEnd =
            copenssl_is_from_pem(error) != 0 && copenssl_reason(error) == PEM_R_NO_START_LINE
        let isUsable = unsafe isEnd && !certificates.isEmpty
        guard isUsable else {
            for index in unsafe certificates.indices { unsafe X509_free(certificates[index]) }
            let reason = ErrorQueue.takeReason()
            throw isEnd ? .missing(material) : .malformed(material, reason: reason)
        }
        ErrorQueue.clear()
        return unsafe certificates
    }

    /// The first private key in the text, for the caller to free.
    func privateKey() throws(TLSError) -> OpaquePointer {
        // The callback notes that it was asked.
        var isEncrypted = false
        let key = unsafe withUnsafeMutablePointer(to: &isEncrypted) { isEncrypted in
            unsafe PEM_read_bio_PrivateKey(bio, nil, onPassphrase, isEncrypted)
        }
        if let key = unsafe key {
            ErrorQueue.clear()
            return unsafe key
        }
        let reason = ErrorQueue.takeReason()
        if isEncrypted { throw .encryptedKey }
        guard hasPrivateKey else { throw .missing(.privateKey) }
        throw .malformed(.privateKey, reason: reason)
    }
}

/// There is no passphrase, and nobody is asked for one: a server may have no terminal.
private func onPassphrase(
    _ buffer: UnsafeMutablePointer<CChar>?,
    _ byteCount: CInt,
    _ isForWriting: CInt,
    _ context: UnsafeMutableRawPointer?
) -> CInt {
    unsafe context?.assumingMemoryBound(to: Bool.self).pointee = true
    return -1
}
