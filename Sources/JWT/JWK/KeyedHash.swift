internal import Crypto

/// HMAC with its key already taken in (RFC 2104), copied for every message.
///
/// The only file of the module that lends bytes to swift-crypto, whose functions take pointers.
/// Keying anew for each message costs more than twice as much.
struct KeyedHash: Sendable {
    private enum State: Sendable {
        case sha256(HMAC<SHA256>)
        case sha384(HMAC<SHA384>)
        case sha512(HMAC<SHA512>)
    }

    private let state: State

    init(_ algorithm: HMACKey.Algorithm, secret: borrowing Span<UInt8>) {
        // Safe: the key copies the bytes before the closure returns.
        let key = unsafe secret.withUnsafeBytes { unsafe SymmetricKey(data: $0) }
        state =
            switch algorithm {
            case .hs256: .sha256(HMAC(key: key))
            case .hs384: .sha384(HMAC(key: key))
            case .hs512: .sha512(HMAC(key: key))
            }
    }

    /// Whether `code` is the authentication code of `message`.
    ///
    /// The comparison takes the same time wherever two codes differ. A code of another length is
    /// wrong at once; lengths are no secret.
    func isValid(_ code: borrowing Span<UInt8>, for message: borrowing Span<UInt8>) -> Bool {
        switch state {
        case .sha256(let keyed): Self.isValid(code, Self.code(of: message, keyed))
        case .sha384(let keyed): Self.isValid(code, Self.code(of: message, keyed))
        case .sha512(let keyed): Self.isValid(code, Self.code(of: message, keyed))
        }
    }

    func authenticationCode(for message: borrowing Span<UInt8>) -> [UInt8] {
        switch state {
        case .sha256(let keyed): Array(Self.code(of: message, keyed))
        case .sha384(let keyed): Array(Self.code(of: message, keyed))
        case .sha512(let keyed): Array(Self.code(of: message, keyed))
        }
    }

    private static func code<Hash: HashFunction>(
        of message: borrowing Span<UInt8>,
        _ keyed: HMAC<Hash>
    ) -> HashedAuthenticationCode<Hash> {
        var copy = keyed
        // Safe: the hash has read the bytes when the closure returns.
        unsafe message.withUnsafeBytes { unsafe copy.update(data: $0) }
        return copy.finalize()
    }

    private static func isValid<Hash: HashFunction>(
        _ code: borrowing Span<UInt8>,
        _ expected: HashedAuthenticationCode<Hash>
    ) -> Bool {
        // Safe: the comparison has ended when the closure returns.
        unsafe code.withUnsafeBytes { unsafe expected == $0 }
    }
}
