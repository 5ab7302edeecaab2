internal import Bytes
internal import HTTP1

/// Answers to what a browser asks before it sends a request (Fetch, "CORS-preflight request").
enum Preflight {
    private static let allowedFields =
        "Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, Mcp-Name, "
        + "Mcp-Session-Id, Last-Event-ID"

    /// What `Mcp-Param-*` may be asked for, since which parameters exist depends on the tool.
    private static let parameterPrefix = "mcp-param-"

    /// The most names that an answer repeats.
    private static let requestedFieldCountMax = 64

    /// The answer for the metadata document, which clients ask for with the version they speak.
    static let metadataFields: FieldBlock = [
        .accessControlAllowMethods: "GET",
        .accessControlAllowHeaders: "Accept, MCP-Protocol-Version",
        .accessControlMaxAge: "7200",
    ]

    /// The fields of the answer, besides those of every answer to the origin.
    ///
    /// `requested` is the value of `Access-Control-Request-Headers`, empty if absent.
    static func fields(requested: Span<UInt8>, apiKeys: APIKeyUse) -> FieldBlock {
        var names = allowedFields
        if apiKeys == .accepted { names += ", \(FieldName.apiKey.spelling)" }
        for name in parameterNames(in: requested) { names += ", \(name)" }
        var fields: FieldBlock = [
            .accessControlAllowMethods: "POST, GET, DELETE",
            .accessControlMaxAge: "7200",
        ]
        // Made of token characters, so that it is fit for a field.
        if let value = FieldValue(names) { fields.append(.accessControlAllowHeaders, value) }
        return fields
    }

    private static func parameterNames(in requested: Span<UInt8>) -> [String] {
        guard let text = String(validating: requested) else { return [] }
        return text.split(separator: ",").prefix(requestedFieldCountMax).compactMap { part in
            let name = part.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
            guard name.lowercased().hasPrefix(parameterPrefix),
                name.utf8.allSatisfy(ASCII.isTokenCharacter)
            else { return nil }
            return String(name)
        }
    }
}
