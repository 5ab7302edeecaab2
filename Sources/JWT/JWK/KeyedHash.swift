internal import Bytes
internal import Crypto

/// What swift-crypto's digests inherit from Foundation, which this module does without.
private protocol LentDigest {
    func withUnsafeBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result
}

extension SHA256Digest: LentDigest {}
extension SHA384Digest: LentDigest {}
extension SHA512Digest: LentDigest {}

/// HMAC with its key already taken in (RFC 2104), copied for every message.
///
/// The only file of the module that lends bytes to swift-crypto, whose functions take pointers.
/// The two hashes are kept here rather than in swift-crypto's `HMAC`, which hands every piece of a
/// message through generic code and costs nearly twice as much; keying anew for each message, three times.
struct KeyedHash: Sendable {
    /// Both hashes of the construction, each with its block of the key behind it.
    private struct State<Hash: HashFunction>: Sendable where Hash.Digest: LentDigest {
        private var inner = Hash()
        private var outer = Hash()

        init(secret: borrowing Span<UInt8>) {
            var block = [UInt8](repeating: 0, count: Hash.blockByteCount)
            if secret.count > block.count {
                // "Applications that use keys longer than B bytes will first hash the key" (§2).
                let digest = Hash.hash(data: ByteBuffer(copying: secret).bytes)
                for (index, byte) in digest.enumerated() { block[index] = byte }
            } else {
                for index in secret.indices { block[index] = secret[index] }
            }
            inner.update(data: block.map { $0 ^ 0x36 })
            outer.update(data: block.map { $0 ^ 0x5C })
        }

        @inline(__always)
        func code(of message: borrowing Span<UInt8>) -> Hash.Digest {
            var inner = inner
            var outer = outer
            // Safe: the hashes have read the bytes when the closures return.
            unsafe message.withUnsafeBytes { unsafe inner.update(bufferPointer: $0) }
            unsafe inner.finalize().withUnsafeBytes { unsafe outer.update(bufferPointer: $0) }
            return outer.finalize()
        }

        @inline(__always)
        func isValid(
            _ code: borrowing Span<UInt8>,
            for message: borrowing Span<UInt8>
        ) -> Bool {
            guard code.count == Hash.Digest.byteCount else { return false }
            // Safe: the comparison has ended when the closure returns.
            return unsafe self.code(of: message).withUnsafeBytes { expected in
                var difference: UInt8 = 0
                for index in code.indices { unsafe difference |= code[index] ^ expected[index] }
                return difference == 0
            }
        }
    }

    private enum Algorithm: Sendable {
        case sha256(State<SHA256>)
        case sha384(State<SHA384>)
        case sha512(State<SHA512>)
    }

    private let algorithm: Algorithm

    init(_ algorithm: HMACKey.Algorithm, secret: borrowing Span<UInt8>) {
        self.algorithm =
            switch algorithm {
            case .hs256: .sha256(State(secret: secret))
            case .hs384: .sha384(State(secret: secret))
            case .hs512: .sha512(State(secret: secret))
            }
    }

    /// Whether `code` is the authentication code of `message`.
    ///
    /// The comparison takes the same time wherever two codes differ. A code of another length is
    /// wrong at once; lengths are no secret.
    func isValid(_ code: borrowing Span<UInt8>, for message: borrowing Span<UInt8>) -> Bool {
        switch algorithm {
        case .sha256(let state): state.isValid(code, for: message)
        case .sha384(let state): state.isValid(code, for: message)
        case .sha512(let state): state.isValid(code, for: message)
        }
    }

    func authenticationCode(for message: borrowing Span<UInt8>) -> [UInt8] {
        switch algorithm {
        case .sha256(let state): Array(state.code(of: message))
        case .sha384(let state): Array(state.code(of: message))
        case .sha512(let state): Array(state.code(of: message))
        }
    }
}
