/// The members of a JWK that are read (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2).
public enum JWKMember: String, Hashable, Sendable {
    case keyType = "kty"
    case publicKeyUse = "use"
    case keyOperations = "key_ops"
    case algorithm = "alg"
    case keyID = "kid"
    case curve = "crv"
    case x, y
    case modulus = "n"
    case exponent = "e"
    case privateExponent = "d"
    case firstPrimeFactor = "p"
    case secondPrimeFactor = "q"
    case firstFactorExponent = "dp"
    case secondFactorExponent = "dq"
    case firstCoefficient = "qi"
    case keyValue = "k"
}

extension JWKMember: CustomStringConvertible {
    public var description: String { rawValue }
}
