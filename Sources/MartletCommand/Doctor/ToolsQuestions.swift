import MCP

/// The messages with which a client learns the tools, in both eras.
package enum ToolsQuestions {
    /// What every client of MCP accepts (MCP, *Transports*).
    private static let commonFields = [
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
    ]

    /// `tools/list` of the modern protocol, which needs no session.
    package static func modern(_ url: String, bearsToken: Bool) -> Question {
        let version = ProtocolVersion.v2026_07_28.rawValue
        return Question(
            url,
            .post(
                body: """
                    {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{\
                    "io.modelcontextprotocol/protocolVersion":"\(version)",\
                    "io.modelcontextprotocol/clientInfo":{"name":"martlet-doctor","version":\
                    "\(Version.text)"},"io.modelcontextprotocol/clientCapabilities":{}}}}
                    """,
                fields: commonFields.merging([
                    MirroredFields.versionName: version,
                    MirroredFields.methodName: "tools/list",
                ]) { _, new in new }
            ),
            bearsToken: bearsToken
        )
    }

    package static func initialize(_ url: String) -> Question {
        Question(
            url,
            .post(
                body: """
                    {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":\
                    "\(ProtocolVersion.newestLegacy.rawValue)","capabilities":{},"clientInfo":{\
                    "name":"martlet-doctor","version":"\(Version.text)"}}}
                    """,
                fields: commonFields
            ),
            bearsToken: true
        )
    }

    package static func initialized(_ url: String, _ session: LegacySession) -> Question {
        Question(
            url,
            .post(
                body: #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
                fields: commonFields.merging(session.fields) { _, new in new }
            ),
            bearsToken: true
        )
    }

    package static func legacy(_ url: String, _ session: LegacySession) -> Question {
        Question(
            url,
            .post(
                body: #"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#,
                fields: commonFields.merging(session.fields) { _, new in new }
            ),
            bearsToken: true
        )
    }
}

/// What `initialize` agreed upon.
package struct LegacySession: Hashable, Sendable {
    package let version: String

    /// Servers without sessions give none.
    package let id: String?

    package init(version: String, id: String?) {
        self.version = version
        self.id = id
    }

    fileprivate var fields: [String: String] {
        var fields = [MirroredFields.versionName: version]
        if let id { fields[Answer.Field.sessionID.rawValue] = id }
        return fields
    }
}
