internal import Bytes
public import JSON

/// Why a token is not believed.
///
/// No case describes itself with anything of the token but numbers and the names of registered
/// claims, so that a rejection can be logged as it is.
public enum TokenRejection: Error, Hashable, Sendable {
    /// The parts of a compact serialization (RFC 7515 §7.1).
    public enum Part: Hashable, Sendable {
        case header, payload, signature
    }

    /// The header parameters that are read (RFC 7515 §4.1).
    public enum HeaderParameter: String, Hashable, Sendable {
        case algorithm = "alg"
        case type = "typ"
        case keyID = "kid"
    }

    case tooLong(byteCountMax: Int)
    /// Not three parts with two full stops between them, or an empty header or signature.
    case notCompactSerialization
    case notBase64URL(Part)
    case notJSONObject(Part, JSONError)
    /// A name stands twice in the object, perhaps spelled differently.
    case repeatedMember(Part)

    case missingAlgorithm
    case malformedHeader(HeaderParameter)
    /// Among them `none`.
    case unsupportedAlgorithm
    /// The issuer is not configured for this algorithm, or has no key for it.
    case wrongAlgorithm(SignatureAlgorithm)
    case unsupportedType
    /// A `crit` parameter: this server understands no extension (RFC 7515 §4.1.11).
    ///
    /// Also `b64`, which says that something else was signed than stands in the token (RFC 7797).
    case criticalExtension
    /// The issuer's keys are not to be had: no fault of the token.
    case keysUnavailable(issuer: String)
    /// The issuer has keys, none of them the one that the token names.
    ///
    /// Boxed, as every rejection would otherwise be as large as this one.
    indirect case unknownKey(UnknownKey)
    case invalidSignature

    case missingClaim(ClaimName)
    case malformedClaim(ClaimName)
    case untrustedIssuer
    case wrongAudience
    case expired(at: NumericDate)
    case notYetValid(until: NumericDate)
    /// It says who logged in to a client, and grants nothing (OpenID Connect Core §2).
    case identityToken
}

extension TokenRejection {
    /// Whether the token is none as far as its characters go, before what they stand for is read.
    public var isOfSerialization: Bool {
        switch self {
        case .tooLong, .notCompactSerialization, .notBase64URL: true
        case .notJSONObject, .repeatedMember, .missingAlgorithm, .malformedHeader,
            .unsupportedAlgorithm, .wrongAlgorithm, .unsupportedType, .criticalExtension,
            .keysUnavailable, .unknownKey, .invalidSignature, .missingClaim, .malformedClaim,
            .untrustedIssuer, .wrongAudience, .expired, .notYetValid, .identityToken:
            false
        }
    }
}

extension TokenRejection.Part: CustomStringConvertible {
    public var description: String {
        switch self {
        case .header: "JOSE header"
        case .payload: "claims set"
        case .signature: "signature"
        }
    }
}

extension TokenRejection: CustomStringConvertible {
    /// For the operator.
    public var description: String {
        switch self {
        case .tooLong(let byteCountMax): "token is longer than \(byteCountMax) bytes"
        case .notCompactSerialization:
            "token is not three non-empty parts with full stops between them"
        case .notBase64URL(let part): "\(part) is not base64url without padding"
        case .notJSONObject(let part, let error): "\(part) is not a JSON object: \(error)"
        case .repeatedMember(let part): "\(part) has a member twice"
        case .missingAlgorithm: "JOSE header has no alg"
        case .malformedHeader(let parameter): "\(parameter.rawValue) is not a string"
        case .unsupportedAlgorithm: "alg is none that this server verifies"
        case .wrongAlgorithm(let algorithm):
            "token is signed with \(algorithm.rawValue), and its issuer is not configured for "
                + "that algorithm or has no key for it"
        case .unsupportedType:
            "typ is neither JWT nor at+jwt, or not at+jwt where its issuer must use that"
        case .criticalExtension: "JOSE header has crit or b64, and no extension is understood"
        case .keysUnavailable(let issuer): "the keys of \(issuer) are not to be had"
        case .unknownKey(let key): "\(key.issuer) has no key with the token's kid"
        case .invalidSignature: "signature does not match; the secrets may differ"
        case .missingClaim(let name): "token has no \(name)"
        case .malformedClaim(let name): "\(name) is not what that claim must be"
        case .untrustedIssuer: "iss is no configured issuer"
        case .wrongAudience: "aud names none of the audiences configured for its issuer"
        case .expired(let date): "token expired at \(date)"
        case .notYetValid(let date): "token is not valid before \(date)"
        case .identityToken:
            "token is an ID token, a refresh token or a logout token; the client must send the "
                + "access token"
        }
    }
}

extension TokenRejection {
    /// For the client: an `error_description` beside `invalid_token` (RFC 6750 §3).
    ///
    /// Made of the characters allowed there, so that it is quoted without escapes. It says what
    /// an honest client can act on, and nothing of keys and configuration.
    public var challengeDescription: String {
        switch self {
        case .tooLong: "the token is too long"
        case .notCompactSerialization, .notBase64URL, .notJSONObject, .repeatedMember,
            .missingAlgorithm, .malformedHeader:
            "the token is malformed"
        case .unsupportedAlgorithm, .wrongAlgorithm: "the token's algorithm is not accepted"
        case .unsupportedType: "the token's type is not accepted"
        case .criticalExtension: "the token needs an extension that is not supported"
        case .keysUnavailable: "the token cannot be checked at the moment"
        case .unknownKey, .invalidSignature: "the token's signature does not verify"
        case .missingClaim(let name): "the token has no \(name) claim"
        case .malformedClaim(let name): "the token's \(name) claim is malformed"
        case .untrustedIssuer: "the token's issuer is not trusted"
        case .wrongAudience: "the token is meant for another audience"
        case .expired: "the token has expired"
        case .notYetValid: "the token is not valid yet"
        case .identityToken: "the token is not an access token"
        }
    }
}
