public import Bytes

/// The HTTP fields that repeat part of the body, as the transport found them
/// (MCP 2026-07-28, *Transports*, "Request Metadata in HTTP Headers").
public struct MirroredFields: Sendable {
    /// One field of the request.
    public struct Field: Sendable {
        /// How often it occurs.
        public private(set) var count = 0

        /// The value of the last occurrence.
        public private(set) var value = ByteBuffer()

        public init() {}

        public mutating func add(_ bytes: Span<UInt8>) {
            count += 1
            value.removeAll()
            value.append(bytes)
        }

        public mutating func removeAll() {
            count = 0
            value.removeAll()
        }
    }

    public static let versionName = "MCP-Protocol-Version"
    public static let methodName = "Mcp-Method"
    public static let nameName = "Mcp-Name"

    public var version = Field()
    public var method = Field()
    public var name = Field()

    public init() {}

    /// Forgets the values and keeps their storage.
    public mutating func removeAll() {
        version.removeAll()
        method.removeAll()
        name.removeAll()
    }

    /// Which era the request belongs to: legacy without a version or with a legacy one, modern
    /// with `2026-07-28` or a version nobody knows.
    public var era: ProtocolVersion.Era {
        guard version.count > 0 else { return .legacy }
        return ProtocolVersion(version.value.span)?.era ?? .modern
    }
}
