internal import AccessControl
internal import Bytes
internal import MCP

/// The name of a legacy session: random, so that nobody names another's.
struct SessionID: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    static func random() -> SessionID {
        SessionID(high: .random(in: .min ... .max), low: .random(in: .min ... .max))
    }
}

/// A legacy session as its sealed id tells it: all that any replica needs to serve a request.
struct LegacySession: Hashable, Sendable {
    let id: SessionID
    let version: ProtocolVersion
    let capabilities: ClientCapabilities
    let expirySeconds: Int64
}

/// Legacy session ids: all that a replica must know of a session, sealed into its name.
///
/// An id that was tampered with, has expired or belongs to somebody else does not open, and nothing
/// is stored.
///
///     version (1 byte) ‖ capabilities (2) ‖ random (16) ‖ expiry (8)
struct SessionSealer: Sendable {
    /// How long a session lasts, in seconds.
    static let lifetimeSeconds: Int64 = 86_400

    /// Visible ASCII of a session id, at most.
    static let textByteCountMax = 256

    private static let plaintextByteCount = 27

    let sealer: Sealer

    /// A new session id for a subject: visible ASCII (MCP 2025-11-25, *Transports*, "Session
    /// Management").
    ///
    /// - Returns: `nil` if the cryptographic library refuses, which its contract rules out.
    func seal(
        _ version: ProtocolVersion,
        _ capabilities: ClientCapabilities,
        of principal: Principal,
        nowSeconds: Int64
    ) -> String? {
        let id = SessionID.random()
        let expiry = nowSeconds.addingReportingOverflow(Self.lifetimeSeconds).partialValue
        var plaintext = [Self.code(of: version)]
        Self.append(UInt64(capabilities.rawValue), byteCount: 2, to: &plaintext)
        Self.append(id.high, byteCount: 8, to: &plaintext)
        Self.append(id.low, byteCount: 8, to: &plaintext)
        Self.append(UInt64(bitPattern: expiry), byteCount: 8, to: &plaintext)
        return sealer.seal(
            plaintext,
            for: .session,
            goodFor: Self.context(principal),
            untilSeconds: expiry
        )
    }

    /// The session that an id was given for.
    ///
    /// - Returns: `nil` if the id is not of this server, has expired or is another subject's.
    func open(_ id: Span<UInt8>, by principal: Principal, nowSeconds: Int64) -> LegacySession? {
        guard id.count <= Self.textByteCountMax,
            let plaintext = sealer.open(
                id,
                for: .session,
                goodFor: Self.context(principal),
                nowSeconds: nowSeconds
            ),
            plaintext.count == Self.plaintextByteCount,
            let version = Self.version(code: plaintext[0])
        else { return nil }
        func number(_ range: Range<Int>) -> UInt64 {
            plaintext[range].reduce(0) { $0 << 8 | UInt64($1) }
        }
        return LegacySession(
            id: SessionID(high: number(3..<11), low: number(11..<19)),
            version: version,
            capabilities: ClientCapabilities(rawValue: UInt16(truncatingIfNeeded: number(1..<3))),
            expirySeconds: Int64(bitPattern: number(19..<27))
        )
    }

    /// Issuer and name with a byte between that neither holds.
    private static func context(_ principal: Principal) -> [UInt8] {
        Array(principal.subject.issuer.utf8) + [0] + Array(principal.subject.name.utf8)
    }

    private static func append(_ number: UInt64, byteCount: Int, to bytes: inout [UInt8]) {
        for index in stride(from: byteCount - 1, through: 0, by: -1) {
            bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index)))
        }
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
