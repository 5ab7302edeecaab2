public import Bytes

/// The HTTP fields that repeat part of the body, as the transport found them
/// (MCP 2026-07-28, *Transports*, "Request Metadata in HTTP Headers").
///
/// Not copied: it holds a buffer for each field, which the next request writes over.
public struct MirroredFields: ~Copyable, Sendable {
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

        /// Adds a line of a field whose lines are one list (RFC 9110 §5.3).
        mutating func join(_ bytes: Span<UInt8>) {
            if count > 0 { value.append(ASCII.comma) }
            count += 1
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

    /// What the names of fields begin with that repeat a tool's arguments, in lower case.
    public static let paramPrefix = "mcp-param-"

    public var version = Field()
    public var method = Field()
    public var name = Field()

    // Not mirrored: what trace the request is part of.
    private(set) var hasTrace = false
    private(set) var traceParent = Field()
    private(set) var traceState = Field()
    private(set) var baggage = Field()

    /// The `Mcp-Param-…` fields by what follows the prefix, in lower case.
    private var params: [(suffix: String, field: Field)] = []

    /// Whether the transport repeats anything at all; where it does, what is missing is a mistake.
    let areRepeated: Bool

    public init() {
        areRepeated = true
    }

    private init(areRepeated: Bool) {
        self.areRepeated = areRepeated
    }

    /// Of a transport without fields.
    static let absent = MirroredFields(areRepeated: false)

    /// Takes over an `Mcp-Param-…` field.
    public mutating func addParam(_ suffix: String, _ value: Span<UInt8>) {
        for index in params.indices where params[index].suffix == suffix {
            params[index].field.add(value)
            return
        }
        var field = Field()
        field.add(value)
        params.append((suffix, field))
    }

    /// Takes over a field that says what trace the request is part of.
    public mutating func addTrace(_ part: TraceContext.Part, _ value: Span<UInt8>) {
        hasTrace = true
        switch part {
        case .traceParent: traceParent.add(value)
        case .traceState: traceState.join(value)
        case .baggage: baggage.join(value)
        }
    }

    /// The `Mcp-Param-…` field with this end; one that never occurred if there is none.
    func param(_ suffix: String) -> Field {
        params.first { $0.suffix == suffix }?.field ?? Field()
    }

    /// Forgets the values and keeps their storage.
    public mutating func removeAll() {
        version.removeAll()
        method.removeAll()
        name.removeAll()
        if !params.isEmpty { params = [] }
        guard hasTrace else { return }
        hasTrace = false
        traceParent.removeAll()
        traceState.removeAll()
        baggage.removeAll()
    }

    /// Which era the request belongs to: legacy without a version or with a legacy one, modern
    /// with `2026-07-28` or a version nobody knows.
    public var era: ProtocolVersion.Era {
        guard version.count > 0 else { return .legacy }
        return ProtocolVersion(version.value.span)?.era ?? .modern
    }
}
