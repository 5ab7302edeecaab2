internal import Bytes

/// A revision of the Model Context Protocol that this server speaks.
public enum ProtocolVersion: String, CaseIterable, Sendable {
    case v2026_07_28 = "2026-07-28"
    case v2025_11_25 = "2025-11-25"
    case v2025_06_18 = "2025-06-18"
    case v2025_03_26 = "2025-03-26"

    /// The two ways of speaking: every request on its own, or within a session.
    public enum Era: Sendable {
        case modern, legacy
    }

    public var era: Era {
        self == .v2026_07_28 ? .modern : .legacy
    }

    /// What a client that proposes an unknown version to `initialize` is offered.
    public static let newestLegacy = ProtocolVersion.v2025_11_25

    /// What a request without a session and without a version field speaks (MCP 2025-06-18,
    /// *Transports*, "Protocol Version Header").
    public static let assumedLegacy = ProtocolVersion.v2025_03_26

    public init?(_ text: borrowing Span<UInt8>) {
        // Without allocating: the field is on every request.
        for version in Self.allCases where text.equals(version.rawValue) {
            self = version
            return
        }
        return nil
    }
}
