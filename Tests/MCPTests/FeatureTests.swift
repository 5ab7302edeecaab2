import AccessControl
import MCP
import ProtocolTestSupport
import Testing

@Suite("Resources, prompts and completion (MCP, Server Features)")
struct FeatureTests {
    private let fixture: Fixture

    init() throws {
        fixture = try Fixture(.several)
    }

    private func read(_ uri: String) -> Message {
        .modern("resources/read", params: "\"uri\":\"\(uri)\"").adding("Mcp-Name", uri)
    }

    private func prompt(_ name: String, _ arguments: String) -> Message {
        .modern("prompts/get", params: "\"name\":\"\(name)\",\"arguments\":\(arguments)")
            .adding("Mcp-Name", name)
    }

    private func complete(_ reference: String, _ argument: String, _ more: String = "") -> Message {
        .modern(
            "completion/complete",
            params: "\"ref\":\(reference),\"argument\":\(argument)\(more)"
        )
    }

    @Test func `The server says what it has, in either era`() throws {
        for message in [Message.modern("server/discover"), .initialize("2025-11-25")] {
            let capabilities = try fixture.answer(to: message).result?["capabilities"]
            #expect(
                capabilities?.names
                    == ["tools", "resources", "prompts", "completions", "logging"]
            )
            #expect(capabilities?["resources"]?["subscribe"]?.bool == true)
        }
    }

    @Test func `Lists show what the caller may use, and are the caller's alone`() throws {
        for (method, member, all) in [
            ("resources/list", "resources", 2),
            ("resources/templates/list", "resourceTemplates", 1),
            ("prompts/list", "prompts", 2),
        ] {
            let whole = try fixture.answer(to: .modern(method)).result
            #expect(whole?[member]?.elements.count == all)
            #expect(whole?["cacheScope"]?.string == "private")
            #expect(whole?["ttlMs"]?.integer != nil)
            let part = try fixture.answer(to: .modern(method), as: fixture.readonly).result
            #expect(part?[member]?.elements.count == 1)
            let none = try fixture.answer(to: .modern(method), as: fixture.scoped("openid")).result
            #expect(none?[member]?.elements.isEmpty == true)
        }
    }

    @Test func `Each revision describes a feature in its own words`() throws {
        for (version, hasTitle, hasIcons) in [
            (ProtocolVersion.v2025_11_25, true, true), (.v2025_06_18, true, false),
            (.v2025_03_26, false, false),
        ] {
            let answer = try fixture.answer(to: .legacy("resources/list"), session: version)
            let text = answer.result?["resources"]?[0]
            #expect((text?["title"] != nil) == hasTitle)
            #expect((text?["icons"] != nil) == hasIcons)
            #expect(text?["annotations"]?["priority"] != nil)
            #expect(answer.result?.names == ["resources"])
        }
    }

    @Test func `A list is read page by page, each entry once`() throws {
        let fixture = try Fixture(.several, pageCountMax: 1)
        var cursor: String?
        var uris: [String?] = []
        repeat {
            let params = cursor.map { "\"cursor\":\"\($0)\"" } ?? ""
            let result = try fixture.answer(to: .modern("resources/list", params: params)).result
            uris.append(result?["resources"]?[0]?["uri"]?.string)
            cursor = result?["nextCursor"]?.string
        } while cursor != nil
        #expect(uris == ["test://text", "test://secret"])
        let first = try fixture.answer(to: .modern("resources/list"))
        let text = try #require(first.result?["nextCursor"]?.string)
        for (method, cursor) in [
            ("prompts/list", text), ("resources/list", "x"), ("resources/list", ""),
            ("resources/list", text + "A"), ("tools/list", text),
        ] {
            let answer = try fixture.answer(
                to: .modern(method, params: "\"cursor\":\"\(cursor)\"")
            )
            #expect(answer.errorCode == -32_602)
            #expect(answer.statusCode == 400)
        }
    }

    @Test func `A resource is read by its URI or by a template's`() async throws {
        let text = try await fixture.answer(to: read("test://text")).response(as: fixture.admin)
        let contents = text["result"]?["contents"]
        #expect(contents?[0]?["text"]?.string == "text")
        #expect(contents?[1]?["blob"]?.string == "AQ==")
        #expect(text["result"]?["cacheScope"]?.string == "private")
        let item = try await fixture.answer(to: read("test://items/7")).response(as: fixture.admin)
        #expect(item["result"]?["contents"]?[0]?["text"]?.string == "7")
    }

    @Test func `What is not there is named, in the numbers of the era`() async throws {
        for uri in ["test://nothing", "test://items/0"] {
            let answer = try fixture.answer(to: read(uri))
            let modern = try await answer.response(as: fixture.admin)
            #expect(modern["error"]?["code"]?.integer == -32_602)
            #expect(modern["error"]?["data"]?["uri"]?.string == uri)
        }
        let legacy = try fixture.answer(
            to: .legacy("resources/read", params: #""uri":"test://nothing""#),
            session: .v2025_11_25
        )
        #expect(try JSONTree(legacy.text)["error"]?["code"]?.integer == -32_002)
    }

    @Test func `What the caller may not have is refused before and after the body`() throws {
        let reader = fixture.readonly
        for message in [read("test://secret"), prompt("purge", "{}")] {
            let answer = try fixture.answer(to: message, as: reader)
            #expect(answer.refusal?.isRefusal == true)
            let fields = MirroredFields(message.fields)
            #expect(fixture.dispatcher.decisionBeforeBody(fields, of: reader).isRefusal)
            #expect(fixture.dispatcher.decisionBeforeBody(fields, of: fixture.admin) == .allowed)
        }
    }

    @Test func `A name in the field that is not the body's is a mismatch`() throws {
        for message in [
            read("test://text").having("Mcp-Name", "test://secret"),
            read("test://text").without("Mcp-Name"),
            prompt("review", "{}").having("Mcp-Name", "purge"),
        ] {
            #expect(try fixture.answer(to: message).errorCode == -32_020)
        }
    }

    @Test func `A prompt has the arguments that it declares, and they are text`() async throws {
        let good = try fixture.answer(to: prompt("review", #"{"what":"it"}"#))
        let response = try await good.response(as: fixture.admin)
        let message = response["result"]?["messages"]?[0]
        #expect(message?["role"]?.string == "user")
        #expect(message?["content"]?["text"]?.string == "Review it.")
        for arguments in [
            "{}", #"{"what":7}"#, #"{"what":"a","extra":"b"}"#, "[]", #"{"tone":"x"}"#,
        ] {
            let answer = try fixture.answer(to: prompt("review", arguments))
            #expect(answer.errorCode == -32_602, "\(arguments)")
        }
        #expect(try fixture.answer(to: prompt("nothing", "{}")).errorCode == -32_602)
        let rejected = try fixture.answer(to: prompt("review", #"{"what":"nothing"}"#))
        let error = try await rejected.response(as: fixture.admin)["error"]
        #expect(error?["code"]?.integer == -32_602)
        #expect(error?["message"]?.string == "There is nothing to review.")
    }

    @Test func `Proposals are a hundred at most, and say how many there are`() async throws {
        for reference in [
            #"{"type":"ref/prompt","name":"review"}"#,
            #"{"type":"ref/resource","uri":"test://items/{id}"}"#,
        ] {
            let name = reference.contains("prompt") ? "what" : "id"
            let answer = try fixture.answer(
                to: complete(
                    reference,
                    #"{"name":"\#(name)","value":"v"}"#,
                    #","context":{"arguments":{"kind":"k"}}"#
                )
            )
            let completion = try await answer.response(as: fixture.admin)["result"]?["completion"]
            #expect(completion?["values"]?.elements.count == 100)
            #expect(completion?["values"]?[0]?.string == "kv0")
            #expect(completion?["total"]?.integer == 150)
            #expect(completion?["hasMore"]?.bool == true)
        }
        let silent = try fixture.answer(
            to: complete(
                #"{"type":"ref/prompt","name":"review"}"#,
                #"{"name":"tone","value":""}"#
            )
        )
        #expect(silent.result?["completion"]?["values"]?.elements.isEmpty == true)
    }

    @Test func `A completion for what does not exist is refused`() throws {
        let prompt = #"{"type":"ref/prompt","name":"review"}"#
        let value = #"{"name":"what","value":""}"#
        for message in [
            complete(#"{"type":"ref/prompt","name":"nobody"}"#, value),
            complete(#"{"type":"ref/resource","uri":"test://text"}"#, value),
            complete(#"{"type":"ref/tool","name":"list"}"#, value), complete("7", value),
            complete("{}", value), complete(prompt, "{}"), complete(prompt, #"{"name":"what"}"#),
            complete(prompt, #"{"name":"nobody","value":""}"#),
            complete(prompt, value, #","context":7"#), .modern("completion/complete"),
        ] {
            #expect(try fixture.answer(to: message).errorCode == -32_602)
        }
        let purge = complete(#"{"type":"ref/prompt","name":"purge"}"#, value)
        #expect(try fixture.answer(to: purge, as: fixture.readonly).refusal?.isRefusal == true)
    }

    @Test func `A registry refuses what occurs twice or requires an unknown permission`() {
        let features = ServerFeatures.several
        var twice = features
        twice.prompts += features.prompts
        #expect(throws: FeatureRegistryError.duplicatePrompt("review")) {
            try FeatureRegistry(twice)
        }
        twice = features
        twice.resources += features.resources
        #expect(throws: FeatureRegistryError.duplicateResource("test://text")) {
            try FeatureRegistry(twice)
        }
        var unknown = features
        unknown.prompts = [
            Prompt(name: "x", description: "", permission: Permission("no:such")) { _, _ in
                PromptResult([])
            }
        ]
        #expect(throws: FeatureRegistryError.self) {
            try Dispatcher(
                description: ServerDescription(name: "x", version: "1"),
                registry: try FeatureRegistry(unknown),
                policy: try AccessPolicy()
            )
        }
    }
}
