internal import Bytes

/// The trace that a request is part of, as its sender says (W3C *Trace Context* and *Baggage*; MCP
/// 2026-07-28, *Tracing*).
///
/// What somebody claims: good for finding a request again, and for nothing that is decided. All of
/// it is visible ASCII, so that it can be passed on in HTTP fields and stand in a log.
public struct TraceContext: Hashable, Sendable {
    // The members of `_meta`.
    static let parentName = "traceparent"
    static let stateName = "tracestate"
    static let baggageName = "baggage"

    /// A part that comes in a field of its own.
    public enum Part: Sendable {
        case traceParent, traceState, baggage
    }

    /// Bytes of `tracestate` and of `baggage` that are taken over; what is longer is left out (W3C
    /// *Trace Context* §3.3.1.5, *Baggage* §3.3.2).
    public static let traceStateByteCountMax = 512
    public static let baggageByteCountMax = 8_192

    /// What called; `nil` where there is only baggage.
    public let parent: TraceParent?

    /// What tracing systems have added to the parent, as it was written.
    public let state: String?

    /// What the caller hands along, as it was written.
    public let baggage: String?

    /// What is malformed is as good as absent, and a state without its parent too.
    ///
    /// - Returns: `nil` if nothing is left.
    public init?(traceParent: String?, traceState: String?, baggage: String?) {
        parent = traceParent.flatMap { TraceParent($0) }
        state =
            parent == nil
            ? nil
            : traceState.flatMap { Self.visible($0, byteCountMax: Self.traceStateByteCountMax) }
        self.baggage = baggage.flatMap {
            Self.visible($0, byteCountMax: Self.baggageByteCountMax)
        }
        if parent == nil, self.baggage == nil { return nil }
    }

    /// What `_meta` says, and where it does not name a parent what the HTTP fields say.
    init?(_ meta: RequestMeta, _ fields: borrowing MirroredFields) {
        guard meta.hasTrace || fields.hasTrace else { return nil }
        let own = TraceContext(
            traceParent: meta.traceParent.valueIfPresent,
            traceState: meta.traceState.valueIfPresent,
            baggage: meta.baggage.valueIfPresent
        )
        if let own, own.parent != nil {
            self = own
            return
        }
        guard let outer = TraceContext(fields) else {
            guard let own else { return nil }
            self = own
            return
        }
        parent = outer.parent
        state = outer.state
        baggage = own?.baggage ?? outer.baggage
    }

    /// What the HTTP fields say.
    public init?(_ fields: borrowing MirroredFields) {
        guard fields.hasTrace else { return nil }
        // "If more than one traceparent header is received, … MUST NOT use" them (§3.2).
        let parent = fields.traceParent
        self.init(
            traceParent: parent.count == 1 ? String(validating: parent.value.span) : nil,
            traceState: String(validating: fields.traceState.value.span),
            baggage: String(validating: fields.baggage.value.span)
        )
    }

    private static func visible(_ text: String, byteCountMax: Int) -> String? {
        guard (1...byteCountMax).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { return nil }
        return text
    }
}

/// Which operation of which trace called (W3C *Trace Context* §3.2).
///
///     traceparent = version "-" trace-id "-" parent-id "-" trace-flags
public struct TraceParent: Hashable, Sendable {
    /// 32 lower-case hexadecimal digits, not all zero.
    public let traceID: String

    /// 16 lower-case hexadecimal digits, not all zero.
    public let parentID: String

    public let flags: UInt8

    /// Whether the caller may have recorded its part.
    public var isSampled: Bool { flags & 1 == 1 }

    /// The text in version 00, which is how it is passed on.
    public var text: String {
        let digits = String(flags, radix: 16)
        return "00-\(traceID)-\(parentID)-\(digits.utf8.count < 2 ? "0" : "")\(digits)"
    }

    /// - Returns: `nil` if the text is malformed.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count >= 4, Self.isHexadecimal(parts[0], digitCount: 2), parts[0] != "ff",
            Self.isHexadecimal(parts[1], digitCount: 32), parts[1].contains(where: { $0 != "0" }),
            Self.isHexadecimal(parts[2], digitCount: 16), parts[2].contains(where: { $0 != "0" }),
            Self.isHexadecimal(parts[3], digitCount: 2), let flags = UInt8(parts[3], radix: 16)
        else { return nil }
        // Later versions may say more at the end; this one may not.
        guard parts.count == 4 || parts[0] != "00" else { return nil }
        traceID = String(parts[1])
        parentID = String(parts[2])
        self.flags = flags
    }

    private static func isHexadecimal(_ text: Substring, digitCount: Int) -> Bool {
        text.utf8.count == digitCount
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}
