internal import Bytes
internal import JSON

/// What `params._meta` says of a request (MCP 2026-07-28, `RequestMetaObject`).
struct RequestMeta {
    static let protocolVersionName = "io.modelcontextprotocol/protocolVersion"
    static let clientCapabilitiesName = "io.modelcontextprotocol/clientCapabilities"
    static let progressTokenName = "progressToken"
    static let logLevelName = "io.modelcontextprotocol/logLevel"
    static let idempotencyKeyName = "dev.martlet/idempotencyKey"

    /// A member that must have a certain type to be of use.
    enum Member<Value> {
        case absent
        case ofOtherType
        case present(Value)

        /// The value, for members that are as good as absent with another type.
        var valueIfPresent: Value? {
            if case .present(let value) = self { value } else { nil }
        }
    }

    var protocolVersion = Member<String>.absent
    var clientCapabilities = Member<ClientCapabilities>.absent

    /// A string or an integer, as it was written.
    var progressToken = Member<RawJSON>.absent
    var logLevel = Member<String>.absent
    var idempotencyKey = Member<String>.absent

    // Of a trace; see `TraceContext`.
    var traceParent = Member<String>.absent
    var traceState = Member<String>.absent
    var baggage = Member<String>.absent
    private(set) var hasRepeatedMember = false

    /// Whether the request speaks the modern protocol, well or badly.
    var isModern: Bool {
        if case .absent = protocolVersion { return false }
        return true
    }

    /// Reads the object that the reader stands at.
    init(_ reader: inout JSONReader) throws(JSONError) {
        var names = MemberNames()
        try reader.beginObject()
        while let name = try reader.nextMember() {
            if !names.insert(name, in: reader) { hasRepeatedMember = true }
            if reader.equals(name, Self.protocolVersionName) {
                protocolVersion = try Self.string(&reader)
            } else if reader.equals(name, Self.clientCapabilitiesName) {
                if try reader.peek() == .object {
                    clientCapabilities = .present(try ClientCapabilities(&reader))
                } else {
                    try reader.skipValue()
                    clientCapabilities = .ofOtherType
                }
            } else if reader.equals(name, Self.progressTokenName) {
                progressToken = try Self.token(&reader)
            } else if reader.equals(name, Self.logLevelName) {
                logLevel = try Self.string(&reader)
            } else if reader.equals(name, Self.idempotencyKeyName) {
                idempotencyKey = try Self.string(&reader)
            } else if reader.equals(name, TraceContext.parentName) {
                traceParent = try Self.string(&reader)
            } else if reader.equals(name, TraceContext.stateName) {
                traceState = try Self.string(&reader)
            } else if reader.equals(name, TraceContext.baggageName) {
                baggage = try Self.string(&reader)
            } else {
                _ = try reader.skipValue()
            }
        }
    }

    init() {}

    /// Whether it asks for nothing that would make a call another one, nor is malformed there.
    var isWithoutDemands: Bool {
        if case .absent = idempotencyKey, case .absent = progressToken { return true }
        return false
    }

    /// Whether anything is said of a trace.
    var hasTrace: Bool {
        if case .absent = traceParent, case .absent = baggage { return false }
        return true
    }

    private static func token(_ reader: inout JSONReader) throws(JSONError) -> Member<RawJSON> {
        let kind = try reader.peek()
        let range: Range<Int>
        switch kind {
        case .number:
            let number = try reader.readNumber()
            guard number.isInteger else { return .ofOtherType }
            range = number.range
        default:
            range = try reader.skipValue()
            guard kind == .string else { return .ofOtherType }
        }
        return .present(RawJSON(unchecked: ByteBuffer(copying: reader.bytes(in: range))))
    }

    private static func string(
        _ reader: inout JSONReader
    ) throws(JSONError) -> Member<String> {
        if try reader.peek() == .string {
            let string = try reader.readString()
            return .present(reader.text(of: string))
        }
        _ = try reader.skipValue()
        return .ofOtherType
    }
}

extension RequestMeta {
    func progressTokenOrNone() throws(RPCError) -> RawJSON? {
        try value(progressToken, Self.progressTokenName, expected: "a string or an integer")
    }

    func idempotencyKeyOrNone() throws(RPCError) -> String? {
        try value(idempotencyKey, Self.idempotencyKeyName, expected: "a string")
    }

    func logLevelOrNone() throws(RPCError) -> LogLevel? {
        let text = try value(logLevel, Self.logLevelName, expected: LogLevel.expectation)
        guard let text else { return nil }
        guard let level = LogLevel(rawValue: text) else {
            throw .malformedParams(name: Self.logLevelName, expected: LogLevel.expectation)
        }
        return level
    }

    private func value<Value>(
        _ member: Member<Value>,
        _ name: String,
        expected: @autoclosure () -> String
    ) throws(RPCError) -> Value? {
        switch member {
        case .absent: return nil
        case .ofOtherType: throw .malformedParams(name: name, expected: expected())
        case .present(let value): return value
        }
    }
}
