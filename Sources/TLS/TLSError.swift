/// Why certificates cannot be used, or a connection could not be made secure.
public enum TLSError: Error, Hashable, Sendable {
    /// What a text in PEM was to be.
    public enum Material: Hashable, Sendable {
        case certificate, privateKey, clientAuthorities
    }

    /// There is none in the text.
    case missing(Material)
    case malformed(Material, reason: String)
    /// Nobody is there to be asked for a passphrase.
    case encryptedKey
    /// The key belongs to another certificate.
    case keyMismatch
    /// OpenSSL itself has no memory or no randomness.
    case unavailable(reason: String)
    /// The peer does not speak TLS as this server does, or has no certificate where one is needed.
    case handshake(reason: String)
    /// Something came on a connection that TLS does not allow.
    case connection(reason: String)
}

extension TLSError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing(let material): "there is no \(material) in PEM"
        case .malformed(let material, let reason): "the \(material) cannot be used: \(reason)"
        case .encryptedKey:
            "the private key is encrypted; write it without a passphrase (openssl pkey)"
        case .keyMismatch: "the private key is not that of the certificate"
        case .unavailable(let reason): "TLS is not to be had: \(reason)"
        case .handshake(let reason): "no TLS handshake: \(reason)"
        case .connection(let reason): "TLS failed: \(reason)"
        }
    }
}

extension TLSError.Material: CustomStringConvertible {
    public var description: String {
        switch self {
        case .certificate: "certificate"
        case .privateKey: "private key"
        case .clientAuthorities: "certificate of an authority"
        }
    }
}
