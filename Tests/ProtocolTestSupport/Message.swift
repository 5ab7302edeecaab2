/// A message to the server: its HTTP fields and its body, for tests to bend.
public struct Message: Sendable {
    public struct Field: Hashable, Sendable {
        public let name: String
        public let value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public var fields: [Field]
    public var body: String

    public init(fields: [Field] = [], body: String) {
        self.fields = fields
        self.body = body
    }

    public static let version = "2026-07-28"

    /// `_meta` of a complete modern request.
    public static let meta = """
        {"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
        "io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},\
        "io.modelcontextprotocol/clientCapabilities":{}}
        """

    /// A modern message.
    ///
    /// - Parameters:
    ///   - method: For the body and `Mcp-Method`.
    ///   - params: Members of `params`, without braces.
    ///   - meta: The value of `_meta`; `nil` leaves it out.
    ///   - id: The JSON of the id; `nil` makes a notification.
    /// - Returns: The message with its mirrored fields, but for `Mcp-Name`.
    public static func modern(
        _ method: String,
        params: String = "",
        meta: String? = Message.meta,
        id: String? = "1"
    ) -> Message {
        var members = params.isEmpty ? [] : [params]
        if let meta { members.append("\"_meta\":\(meta)") }
        return Message(
            fields: [
                Field(name: "MCP-Protocol-Version", value: version),
                Field(name: "Mcp-Method", value: method),
            ],
            body: envelope(method, params: members.joined(separator: ","), id: id)
        )
    }

    /// A modern tool call.
    public static func call(
        _ tool: String,
        arguments: String = "{}",
        meta: String? = Message.meta,
        id: String = "1"
    ) -> Message {
        let params = "\"name\":\"\(tool)\",\"arguments\":\(arguments)"
        return modern("tools/call", params: params, meta: meta, id: id)
            .adding("Mcp-Name", tool)
    }

    /// A legacy message; without a version it carries no field at all.
    public static func legacy(
        _ method: String,
        params: String? = nil,
        version: String? = nil,
        id: String? = "1"
    ) -> Message {
        Message(
            fields: version.map { [Field(name: "MCP-Protocol-Version", value: $0)] } ?? [],
            body: envelope(method, params: params, id: id)
        )
    }

    public static func initialize(_ version: String, id: String = "1") -> Message {
        legacy(
            "initialize",
            params: """
                "protocolVersion":"\(version)","capabilities":{},\
                "clientInfo":{"name":"test","version":"1"}
                """,
            id: id
        )
    }

    public func without(_ name: String) -> Message {
        Message(fields: fields.filter { $0.name != name }, body: body)
    }

    /// With one more field, whether or not the name is there.
    public func adding(_ name: String, _ value: String) -> Message {
        Message(fields: fields + [Field(name: name, value: value)], body: body)
    }

    /// With the field's value in the place of what was there.
    public func having(_ name: String, _ value: String) -> Message {
        without(name).adding(name, value)
    }

    public func saying(_ body: String) -> Message {
        Message(fields: fields, body: body)
    }

    private static func envelope(_ method: String, params: String?, id: String?) -> String {
        var members = ["\"jsonrpc\":\"2.0\""]
        if let id { members.append("\"id\":\(id)") }
        members.append("\"method\":\"\(method)\"")
        if let params { members.append("\"params\":{\(params)}") }
        return "{\(members.joined(separator: ","))}"
    }
}
