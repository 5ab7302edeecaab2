import JWT

/// A secret that is missing or not good enough.
package enum SecretMistake: Hashable, Sendable {
    case noneToVerifyWith
    /// Nor has a development server made one; the issuers of the configuration file, if there are
    /// any, sign for themselves.
    case noneToSignWith(keyFile: String, hasOtherIssuers: Bool)
    case tooShort(KeyError, source: String)
    case file(KeyFileError)
    /// The canonical URI is the audience, and nothing tells it.
    case audienceUnknown
}

extension SecretMistake: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noneToVerifyWith:
            """
            there is no secret to verify tokens with; set JWT_SECRET, or name a file with \
            --jwt-secret-file (openssl rand -base64 48 makes a secret), or name an authorization \
            server under "issuers" in the configuration file, or add --development to have a key \
            made
            """
        case .noneToSignWith(let path, let hasOtherIssuers):
            """
            there is no secret to sign with: JWT_SECRET is not set and \(path) does not exist; use \
            the settings of the server, or start `martlet serve --development` once\
            \(hasOtherIssuers ? " (issuers in the configuration file sign for themselves)" : "")
            """
        case .tooShort(.secretTooShort(let algorithm, let byteCount, let byteCountMin), let source):
            """
            \(source) holds a secret of \(byteCount) bytes, and \(algorithm.rawValue) needs at \
            least \(byteCountMin) (RFC 7518 §3.2); make one with: openssl rand -base64 48
            """
        case .tooShort(let error, let source):
            "\(source) holds no secret to verify tokens with: \(error)"
        case .file(let error):
            "\(error)"
        case .audienceUnknown:
            """
            the audience of a token is the URL of the server, which nobody knows before a server \
            without a fixed port runs; set JWT_AUDIENCE or --public-url, for both
            """
        }
    }
}
