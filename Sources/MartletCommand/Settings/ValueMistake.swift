import Libuv
import Martlet

/// A value that is not what its setting takes.
package enum ValueMistake: Hashable, Sendable {
    case notANumber(Setting, SettingOrigin, text: String, range: ClosedRange<Int>)
    case notAToggle(Setting, SettingOrigin, text: String)
    case notAChoice(Setting, SettingOrigin, text: String, choices: [String])
    case malformed(Setting, SettingOrigin, text: String)
    case empty(Setting, SettingOrigin)
    case twoAtOnce(Setting, Setting, SettingOrigin)
    /// Something about tokens that are signed with a secret, where there is no secret.
    case withoutSecret(Setting, SettingOrigin)
    /// What a proxy says is to be believed, and no proxy is trusted.
    case withoutTrustedProxies(Setting, SettingOrigin)
    /// Each is possible, but not both.
    case headTooLong(byteCount: Int, byteCountMax: Int)
    /// The first is more than the second, and must not be.
    case outOfOrder(Setting, Int, Setting, Int)
    case unreadable(Setting, FileError)
    /// The first is not set, and the second means nothing without it.
    case needed(Setting, by: Setting)
    /// A list says two things of the same.
    case repeated(Setting, SettingOrigin, name: String)
    /// A file of certificates that holds none.
    case noCertificate(Setting, path: String)
    /// More than the process may have descriptors for.
    case tooManyConnections(Int, possible: Int, descriptors: Int)
}

extension ValueMistake: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notANumber(let setting, let origin, let text, let range):
            """
            \(setting.name(in: origin)) is \(text.quoted) and must be a whole number from \
            \(range.lowerBound) to \(range.upperBound)
            """
        case .notAToggle(let setting, let origin, let text):
            "\(setting.name(in: origin)) is \(text.quoted) and must be true or false"
        case .notAChoice(let setting, let origin, let text, let choices):
            """
            \(setting.name(in: origin)) is \(text.quoted) and must be one of \
            \(choices.joined(separator: ", "))
            """
        case .malformed(let setting, let origin, let text):
            "\(setting.name(in: origin)) is \(text.quoted) and must be \(setting.form)"
        case .empty(let setting, let origin):
            "\(setting.name(in: origin)) is empty; give it a value or leave it out"
        case .twoAtOnce(let first, let second, let origin):
            """
            \(first.name(in: origin)) and \(second.name(in: origin)) exclude each other; remove one
            """
        case .withoutSecret(let setting, let origin):
            """
            \(setting.name(in: origin)) is set, but there is no secret that its tokens would be \
            signed with; set JWT_SECRET, or remove it: issuers in the configuration file have \
            members of their own
            """
        case .withoutTrustedProxies(let setting, let origin):
            """
            \(setting.name(in: origin)) is set, but no proxy is trusted to tell where requests come \
            from; name the proxies' addresses with --trusted-proxies
            """
        case .headTooLong(let byteCount, let byteCountMax):
            """
            --request-line-max and --field-section-max add up to \(byteCount) bytes, and a head \
            can have \(byteCountMax); lower one of them
            """
        case .outOfOrder(let lower, let lowerNumber, let upper, let upperNumber):
            """
            --\(lower.rawValue) is \(lowerNumber) and --\(upper.rawValue) is \(upperNumber), which \
            is less; lower the first or raise the second
            """
        case .repeated(let setting, let origin, let name):
            "\(setting.name(in: origin)) names \(name.quoted) twice; remove one"
        case .needed(let setting, let other):
            "--\(other.rawValue) is set and --\(setting.rawValue) is not; set it as well"
        case .unreadable(let setting, let error):
            "--\(setting.rawValue) names a file that is not to be had: \(error)"
        case .noCertificate(let setting, let path):
            """
            \(path.quoted), named by --\(setting.rawValue), holds no certificate in PEM \
            (-----BEGIN CERTIFICATE-----)
            """
        case .tooManyConnections(let count, let possible, let descriptors):
            """
            --connection-max is \(count), but this process may have \(descriptors) descriptors \
            open, which is enough for \(max(0, possible)) connections; raise the hard limit \
            (ulimit -Hn, or LimitNOFILE= of a systemd unit) or lower --connection-max
            """
        }
    }
}

extension Setting {
    /// What a malformed text should have been.
    fileprivate var form: String {
        switch self {
        case .listen, .adminListen: "127.0.0.1:PORT, [::1]:PORT or unix:PATH"
        case .trustedProxies: "an address, a block of them such as 10.0.0.0/8, or unix"
        case .publicURL: "http(s)://HOST[:PORT][/PATH] without query or fragment"
        case .handOverSocket: "a path of at most 102 bytes"
        case .endpointPath: "a path such as /mcp without spaces, \"?\" or \"#\""
        case .allowedOrigins: "SCHEME://HOST[:PORT] or *"
        case .allowedHosts: "HOST or HOST:PORT"
        case .toolLimits:
            """
            TOOL=RATE or TOOL=RATE:BURST, calls a second and at once, each a whole number from 1 \
            to \(RateLimit.perSecondMax)
            """
        case .otlpEndpoint: "https://HOST[:PORT][/PATH], or http:// on this machine"
        case .database: "sqlite:PATH, postgres://… or memory"
        case .jwtExpiry: "a time such as 3600, 90m, 24h or 7d, of 1 second to 366 days"
        default: "something else"
        }
    }
}
