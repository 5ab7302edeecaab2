internal import JSON

/// The algorithms that signatures are verified with, by their `alg` values (RFC 7518 §3.1).
///
/// `none` is not among them and never will be.
public enum SignatureAlgorithm: String, Hashable, Sendable, CaseIterable {
    case hs256 = "HS256"
    case hs384 = "HS384"
    case hs512 = "HS512"
}

extension SignatureAlgorithm {
    /// The algorithm that a header names; case counts (RFC 7515 §4.1.1).
    init?(_ name: JSONString, in reader: borrowing JSONReader) {
        for algorithm in Self.allCases where reader.equals(name, algorithm.rawValue) {
            self = algorithm
            return
        }
        return nil
    }
}
