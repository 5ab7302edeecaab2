public import JSON

/// Why a document, or what stands in it, makes no key that this server uses.
///
/// No case carries anything of the key but its lengths and names.
public enum KeyError: Error, Hashable, Sendable {
    case secretTooShort(algorithm: SignatureAlgorithm, byteCount: Int, byteCountMin: Int)
    case modulusTooShort(bitCount: Int, bitCountMin: Int)
    case modulusTooLong(bitCount: Int, bitCountMax: Int)
    /// The exponent is even, 1 or longer than 33 bits, the modulus even, or the private numbers do
    /// not belong to each other.
    case malformedRSAKey
    case pointNotOnCurve(KeyKind)
    case malformedEd25519Key
    /// A point of low order, under which anybody can sign.
    case weakEd25519Key
    /// A private scalar that is zero or not below the order of its curve.
    case malformedPrivateKey(KeyKind)
    /// The public half in the document is not that of the private one.
    case halvesDiffer
    case keyIDTooLong(byteCountMax: Int)

    /// The algorithm that a document or a setting names works with another kind of key.
    case algorithmDoesNotFit(SignatureAlgorithm, KeyKind)
    /// `alg` names none that this server has.
    case unsupportedAlgorithm
    /// `alg` is not among the algorithms that the issuer is configured for.
    case algorithmNotAccepted(SignatureAlgorithm)
    /// No `alg`, and none of the configured algorithms works with the key.
    case noAlgorithmFits(KeyKind)
    /// No `alg`, and several of the configured algorithms work with the key.
    case ambiguousAlgorithm(KeyKind)
    /// A shared secret where no HMAC algorithm was asked for.
    case secretNotAccepted

    case notJSON(JSONError)
    case repeatedMember
    case missingMember(JWKMember)
    case malformedMember(JWKMember)
    case unsupportedKeyType
    case unsupportedCurve
    /// `use` is not `sig`.
    case notForSignatures
    /// `key_ops` without `verify` or `sign`.
    case operationNotPermitted
    /// A public key where a private one is wanted.
    case notPrivate
    case tooManyKeys(countMax: Int)

    case notPEM
    case certificate
    case encryptedPEM
    case unsupportedPEMLabel
    /// What the block holds is not the DER that its label promises.
    case damagedPEM
    case unsupportedPEMAlgorithm
    /// A curve by its parameters, or a point in compressed form.
    case unsupportedPEMEncoding
}

extension KeyError: CustomStringConvertible {
    /// For the operator: what is wrong, and what to do about it.
    public var description: String {
        switch self {
        case .secretTooShort(let algorithm, let byteCount, let byteCountMin):
            "a secret of \(byteCount) bytes is too short for \(algorithm.rawValue), which needs "
                + "at least \(byteCountMin) (RFC 7518 §3.2)"
        case .modulusTooShort(let bitCount, let bitCountMin):
            "an RSA key of \(bitCount) bits is too short, at least \(bitCountMin) are required "
                + "(RFC 7518 §3.3); use a longer key"
        case .modulusTooLong(let bitCount, let bitCountMax):
            "an RSA key of \(bitCount) bits takes too long to verify with; use one of at most "
                + "\(bitCountMax) bits"
        case .malformedRSAKey:
            "the numbers are no RSA key (the exponent must be odd, above 1 and of at most 33 "
                + "bits); export the key again"
        case .pointNotOnCurve(let kind):
            "the coordinates are no point on \(kind.rawValue); export the key again"
        case .malformedEd25519Key:
            "an Ed25519 key is the 32 bytes of a point; export the key again"
        case .weakEd25519Key:
            "the Ed25519 key is a point of low order, under which anybody can sign; replace it"
        case .malformedPrivateKey(let kind):
            "the private number is not that of \(kind); export the key again"
        case .halvesDiffer:
            "the public half is not that of the private key; export the key again"
        case .keyIDTooLong(let byteCountMax):
            "kid is longer than \(byteCountMax) bytes; give the key a shorter one"
        case .algorithmDoesNotFit(let algorithm, let kind):
            "\(algorithm.rawValue) does not work with \(kind); its algorithms are "
                + Self.list(kind.algorithms)
        case .unsupportedAlgorithm:
            "alg is none that this server has; these are: " + Self.list(SignatureAlgorithm.allCases)
        case .algorithmNotAccepted(let algorithm):
            "the key is for \(algorithm.rawValue), which is not among the issuer's algorithms; add "
                + "it there if tokens are signed with it"
        case .noAlgorithmFits(let kind):
            "none of the issuer's algorithms works with \(kind); add one of "
                + Self.list(kind.algorithms) + " if tokens are signed with it"
        case .ambiguousAlgorithm(let kind):
            "the key has no alg and several of the issuer's algorithms work with \(kind); name "
                + "only the one that the issuer signs with, or have the issuer publish alg"
        case .secretNotAccepted:
            "a shared secret counts only where the issuer's algorithms name HS256, HS384 or HS512"
        case .notJSON(let error): "not a JSON object: \(error)"
        case .repeatedMember: "a member stands twice in the JWK; remove one of them"
        case .missingMember(let member): "the JWK has no \(member); export the key again"
        case .malformedMember(let member):
            "\(member) is not what that member of a JWK must be (RFC 7518 §6); export the key again"
        case .unsupportedKeyType: "kty is none of RSA, EC, OKP and oct; use a key of those types"
        case .unsupportedCurve:
            "crv is none of P-256, P-384, P-521 and Ed25519; use a key on one of those curves"
        case .notForSignatures: "use is not sig; the key is for something else than signatures"
        case .operationNotPermitted:
            "key_ops permits neither verify nor sign; the key is for something else"
        case .notPrivate: "the key is public, and signing takes the private one"
        case .tooManyKeys(let countMax):
            "a key set is read up to its key \(countMax); remove retired keys"
        case .notPEM: "there is no PEM block (-----BEGIN …-----) with base64 in it"
        case .certificate:
            "certificates are not supported; extract the key: openssl x509 -pubkey -noout"
        case .encryptedPEM:
            "the private key is encrypted; decrypt it first: openssl pkey -in FILE -out NEWFILE"
        case .unsupportedPEMLabel:
            "the PEM block is none of PUBLIC KEY, RSA PUBLIC KEY, PRIVATE KEY, RSA PRIVATE KEY and "
                + "EC PRIVATE KEY; convert it: openssl pkey"
        case .damagedPEM: "the PEM block does not hold the key it promises; export the key again"
        case .unsupportedPEMAlgorithm:
            "the PEM block holds no RSA key and none on P-256, P-384, P-521 or Ed25519; use one of "
                + "those"
        case .unsupportedPEMEncoding:
            "the PEM block spells out its curve or compresses its point; convert it: openssl ec "
                + "-param_enc named_curve -conv_form uncompressed"
        }
    }

    private static func list(_ algorithms: [SignatureAlgorithm]) -> String {
        algorithms.map(\.rawValue).joined(separator: ", ")
    }
}
