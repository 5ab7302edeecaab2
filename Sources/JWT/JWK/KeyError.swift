/// Why bytes make no key, found at start-up.
public enum KeyError: Error, Hashable, Sendable {
    case secretTooShort(algorithm: SignatureAlgorithm, byteCount: Int, byteCountMin: Int)
}

extension KeyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .secretTooShort(let algorithm, let byteCount, let byteCountMin):
            "a secret of \(byteCount) bytes is too short for \(algorithm.rawValue), which needs "
                + "at least \(byteCountMin) (RFC 7518 §3.2)"
        }
    }
}
