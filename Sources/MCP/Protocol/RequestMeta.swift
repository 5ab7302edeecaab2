internal import Bytes
internal import JSON

/// What `params._meta` says of a request (MCP 2026-07-28, `RequestMetaObject`).
struct RequestMeta {
    static let protocolVersionName = "io.modelcontextprotocol/protocolVersion"
    static let clientCapabilitiesName = "io.modelcontextprotocol/clientCapabilities"
    static let logLevelName = "io.modelcontextprotocol/logLevel"
    static let idempotencyKeyName = "dev.martlet/idempotencyKey"

    /// A member that must have a certain type to be of use.
    enum Member<Value> {
        case absent
        case ofOtherType
        case present(Value)
    }

    var protocolVersion = Member<String>.absent
    var clientCapabilities = Member<Range<Int>>.absent
    var logLevel = Member<String>.absent
    var idempotencyKey = Member<String>.absent
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
                let isObject = try reader.peek() == .object
                let range = try reader.skipValue()
                clientCapabilities = isObject ? .present(range) : .ofOtherType
            } else if reader.equals(name, Self.logLevelName) {
                logLevel = try Self.string(&reader)
            } else if reader.equals(name, Self.idempotencyKeyName) {
                idempotencyKey = try Self.string(&reader)
            } else {
                _ = try reader.skipValue()
            }
        }
    }

    init() {}

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
