internal import Bytes
internal import Crypto

/// The public half of a key on an elliptic curve, bound to the one algorithm of its curve (RFC 7518
/// §3.4).
public struct ECDSAKey: Sendable {
    private enum Key: Sendable {
        case p256(P256.Signing.PublicKey)
        case p384(P384.Signing.PublicKey)
        case p521(P521.Signing.PublicKey)
    }

    public let keyID: String?

    private let key: Key

    /// - Throws: ``KeyError/pointNotOnCurve(_:)``
    init(_ curve: EllipticCurve, x: [UInt8], y: [UInt8], keyID: String?) throws(KeyError) {
        // Uncompressed, as SEC 1 §2.3.3 writes a point.
        let point = [0x04] + x + y
        do {
            key =
                switch curve {
                case .p256: .p256(try P256.Signing.PublicKey(x963Representation: point))
                case .p384: .p384(try P384.Signing.PublicKey(x963Representation: point))
                case .p521: .p521(try P521.Signing.PublicKey(x963Representation: point))
                }
        } catch {
            throw .pointNotOnCurve(curve.kind)
        }
        self.keyID = keyID
    }

    public var algorithm: SignatureAlgorithm {
        switch key {
        case .p256: .es256
        case .p384: .es384
        case .p521: .es512
        }
    }

    /// The signature is R and S one after the other, each as long as a coordinate; DER or another
    /// length is wrong at once (RFC 7518 §3.4).
    func isValid(_ signature: borrowing Span<UInt8>, for input: borrowing Span<UInt8>) -> Bool {
        let signature = ByteBuffer(copying: signature).bytes
        let message = ByteBuffer(copying: input).bytes
        do {
            switch key {
            case .p256(let key):
                let signature = try P256.Signing.ECDSASignature(rawRepresentation: signature)
                return key.isValidSignature(signature, for: SHA256.hash(data: message))
            case .p384(let key):
                let signature = try P384.Signing.ECDSASignature(rawRepresentation: signature)
                return key.isValidSignature(signature, for: SHA384.hash(data: message))
            case .p521(let key):
                let signature = try P521.Signing.ECDSASignature(rawRepresentation: signature)
                return key.isValidSignature(signature, for: SHA512.hash(data: message))
            }
        } catch {
            // The length: all that is looked at there.
            return false
        }
    }
}

extension ECDSAKey: CustomStringConvertible {
    public var description: String { "\(algorithm.rawValue) key \(keyID ?? "without kid")" }
}
