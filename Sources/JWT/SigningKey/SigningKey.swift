public import JSON

/// A private key or a secret that tokens are signed with, bound to one algorithm.
///
/// No description shows anything of it but its algorithm and `kid`; ``jwk`` and ``pem`` are for the
/// file it is kept in.
public struct SigningKey: Sendable {
    public let algorithm: SignatureAlgorithm

    /// The `kid` of the tokens it signs.
    ///
    /// The one given, or the thumbprint of the public half (RFC 7638). A secret has one only if it
    /// was given one, as a thumbprint would help to guess it.
    public let keyID: String?

    /// What its tokens are verified with: the public half, or the secret.
    public let keyMaterial: KeyMaterial

    private let key: PrivateKey
    let parameters: PrivateKeyParameters

    /// - Throws: ``KeyError`` if the parameters make no key for the algorithm that a signature of
    ///   its own verifies with.
    init(
        _ parameters: PrivateKeyParameters,
        algorithm: SignatureAlgorithm,
        keyID: String?
    ) throws(KeyError) {
        guard parameters.kind == algorithm.keyKind else {
            throw .algorithmDoesNotFit(algorithm, parameters.kind)
        }
        let publicHalf = try parameters.publicParameters()
        let keyID = keyID ?? (parameters.kind == .secret ? nil : publicHalf.thumbprint)
        keyMaterial = try KeyMaterial(publicHalf, algorithm: algorithm, keyID: keyID)
        key = try PrivateKey(parameters, algorithm, keyID: keyID)
        self.parameters = parameters
        self.algorithm = algorithm
        self.keyID = keyID
        try proveHalves()
    }

    /// A signature of `input` as a token carries it (RFC 7515 §5.1).
    public func signature(for input: borrowing Span<UInt8>) -> [UInt8] {
        do {
            return try key.signature(for: input, algorithm)
        } catch {
            preconditionFailure("a key that has signed before does not: \(error)")
        }
    }

    /// Signs once, so that numbers which do not belong together are found here and not later.
    private func proveHalves() throws(KeyError) {
        let probe = Array("probe".utf8)
        let signature: [UInt8]
        do {
            signature = try key.signature(for: probe.span, algorithm)
        } catch {
            throw .halvesDiffer
        }
        let verificationKey = try keyMaterial.makeKey()
        guard verificationKey.isValid(signature.span, for: probe.span) else {
            throw .halvesDiffer
        }
    }
}

extension SigningKey {
    /// The public half as a JWK with `use`, `alg` and `kid`; `nil` for a secret, which has none.
    public var publicJWK: RawJSON? { keyMaterial.publicJWK }

    /// The whole key as a JWK with `use`, `alg` and `kid`: to be kept secret.
    public var jwk: RawJSON {
        RawJSON { writer in
            writer.beginObject()
            keyMaterial.parameters.encode(into: &writer)
            parameters.encodePrivateMembers(into: &writer)
            keyMaterial.encodeDescription(into: &writer)
            writer.endObject()
        }
    }

    /// The whole key as a PEM document, PKCS #8: to be kept secret.
    ///
    /// `nil` for a shared secret, which has no such form.
    public var pem: String? {
        parameters.pkcs8(keyMaterial.parameters).map { PEMText.encode(.privateKey, $0) }
    }

    /// The public half as a PEM document; `nil` for a secret, which has none.
    public var publicPEM: String? { keyMaterial.publicPEM }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
    public var description: String { "\(algorithm.rawValue) key \(keyID ?? "without kid")" }

    /// Empty, so that `dump` shows no key.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
