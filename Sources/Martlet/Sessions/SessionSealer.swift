internal import AccessControl
internal import Bytes
internal import Crypto
internal import Foundation
internal import MCP

/// Legacy session ids: all that a replica must know of a session, sealed into its name.
///
/// AES-256-GCM over version and expiry, with the subject as associated data: an id that was
/// tampered with, has expired or belongs to somebody else does not open, and nothing is stored.
///
///     version(1) ‖ expiry(8, big-endian seconds) ‖ random(16)
struct SessionSealer: Sendable {
    /// How long a session lasts, in seconds.
    static let lifetimeSeconds: Int64 = 86_400

    private static let plaintextByteCount = 25

    let key: SealKey

    /// A new session id for a subject: visible ASCII (MCP 2025-11-25, *Transports*, "Session
    /// Management").
    ///
    /// - Returns: `nil` if the cryptographic library refuses, which its contract rules out.
    func seal(_ version: ProtocolVersion, of principal: Principal, nowSeconds: Int64) -> String? {
        var plaintext = [Self.code(of: version)]
        let expiry = nowSeconds.addingReportingOverflow(Self.lifetimeSeconds).partialValue
        for shift in stride(from: 56, through: 0, by: -8) {
            plaintext.append(UInt8(truncatingIfNeeded: expiry >> Int64(shift)))
        }
        for _ in 0..<16 { plaintext.append(UInt8.random(in: .min ... .max)) }
        do {
            let box = try AES.GCM.seal(
                plaintext,
                using: key.key,
                authenticating: Self.associatedData(principal)
            )
            guard let combined = box.combined else { return nil }
            var text = ByteBuffer()
            Base64URL.encode([UInt8](combined).span, into: &text)
            return String(validating: text.span)
        } catch {
            return nil
        }
    }

    /// The version that a session id was given for.
    ///
    /// - Returns: `nil` if the id is not of this server, has expired or is another subject's.
    func open(_ id: Span<UInt8>, by principal: Principal, nowSeconds: Int64) -> ProtocolVersion? {
        guard id.count <= 256 else { return nil }
        var combined = ByteBuffer()
        guard Base64URL.decode(id, into: &combined) else { return nil }
        let plaintext: [UInt8]
        do {
            let box = try AES.GCM.SealedBox(combined: combined.bytes)
            plaintext = [UInt8](
                try AES.GCM.open(
                    box,
                    using: key.key,
                    authenticating: Self.associatedData(principal)
                )
            )
        } catch {
            return nil
        }
        guard plaintext.count == Self.plaintextByteCount else { return nil }
        let expiry = plaintext[1..<9].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        guard nowSeconds < expiry else { return nil }
        return Self.version(code: plaintext[0])
    }

    /// Issuer and name with a byte between that neither holds.
    private static func associatedData(_ principal: Principal) -> [UInt8] {
        Array(principal.subject.issuer.utf8) + [0] + Array(principal.subject.name.utf8)
    }

    private static func code(of version: ProtocolVersion) -> UInt8 {
        switch version {
        case .v2025_03_26: 1
        case .v2025_06_18: 2
        case .v2025_11_25: 3
        case .v2026_07_28: preconditionFailure("the modern protocol has no sessions")
        }
    }

    private static func version(code: UInt8) -> ProtocolVersion? {
        switch code {
        case 1: .v2025_03_26
        case 2: .v2025_06_18
        case 3: .v2025_11_25
        default: nil
        }
    }
}
