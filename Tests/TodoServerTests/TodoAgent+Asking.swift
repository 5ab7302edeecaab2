import MCP
import ProtocolTestSupport
import Testing

// What clients ask for besides tools.
extension TodoAgent {
    /// `_meta` of a client with these capabilities: the JSON of an object.
    static func meta(capabilities: String, progressToken: String? = nil) -> String {
        let meta = Message.meta.replacing(
            #""io.modelcontextprotocol/clientCapabilities":{}"#,
            with: #""io.modelcontextprotocol/clientCapabilities":\#(capabilities)"#
        )
        guard let progressToken else { return meta }
        return #"{"progressToken":"\#(progressToken)","# + meta.dropFirst()
    }

    /// The response to `resources/read`.
    func read(_ uri: String) async throws -> JSONTree {
        try await response(
            to: .modern("resources/read", params: #""uri":"\#(uri)""#).adding("Mcp-Name", uri)
        )
    }

    /// What a resource holds: one element of JSON.
    func contents(
        of uri: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONTree {
        let response = try await read(uri)
        let contents = try #require(
            response["result"]?["contents"]?[0],
            "\(response)",
            sourceLocation: sourceLocation
        )
        #expect(contents["uri"]?.string == uri, sourceLocation: sourceLocation)
        #expect(contents["mimeType"]?.string == "application/json", sourceLocation: sourceLocation)
        let text = try #require(contents["text"]?.string, sourceLocation: sourceLocation)
        return try JSONTree(text)
    }

    /// The result of `prompts/get`.
    func prompt(
        _ name: String,
        _ arguments: String = "{}",
        at seconds: Int64 = 1_000
    ) async throws -> JSONTree {
        try await response(
            to: .modern("prompts/get", params: #""name":"\#(name)","arguments":\#(arguments)"#)
                .adding("Mcp-Name", name),
            at: seconds
        )
    }

    /// The result of `completion/complete`, for a reference that is the JSON of `ref`.
    func completion(
        _ reference: String,
        _ argument: String,
        _ value: String,
        at seconds: Int64 = 1_000
    ) async throws -> JSONTree {
        let response = try await response(
            to: .modern(
                "completion/complete",
                params: """
                    "ref":\(reference),"argument":{"name":"\(argument)","value":"\(value)"}
                    """
            ),
            at: seconds
        )
        return try #require(response["result"]?["completion"], "\(response)")
    }

    /// Adds as many to-dos as that.
    func addMany(_ count: Int) async throws {
        var left = count
        while left > 0 {
            let titles = (1...min(left, 1_000)).map { #""\#($0)""# }.joined(separator: ",")
            _ = try await call("import_todos", #"{"titles":[\#(titles)]}"#)
            left -= min(left, 1_000)
        }
    }

    func complete(_ id: Int) async throws {
        _ = try await call("complete_todo", #"{"id":\#(id)}"#)
    }

    /// The ids of the workspace's to-dos.
    func ids() async throws -> [Int] {
        let page = try await call("list_todos", #"{"limit":100}"#)
        return (page["structuredContent"]?["todos"]?.elements ?? []).compactMap {
            $0["id"]?.integer
        }
    }
}
