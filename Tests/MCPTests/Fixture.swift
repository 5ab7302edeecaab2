import AccessControl
import Bytes
import JSONSchema
import MCP
import ProtocolTestSupport
import Testing

/// A dispatcher over a few tools, and callers with different rights.
struct Fixture {
    let policy: AccessPolicy
    let dispatcher: Dispatcher
    private let candidate: AccessPolicy?

    /// What the clients of legacy sessions have declared.
    var capabilities: ClientCapabilities = []

    init(instructions: String? = nil, tools: [Tool] = [.greet, .list, .wipe]) throws {
        try self.init(
            policy: AccessPolicy(
                declaring: Permission.todoService + [Permission("greet:people")]
            ),
            registry: FeatureRegistry(ServerFeatures(tools: tools)),
            instructions: instructions
        )
    }

    /// With features of a test's own.
    init(_ features: ServerFeatures, pageCountMax: Int = 100) throws {
        try self.init(
            policy: AccessPolicy(),
            registry: FeatureRegistry(features),
            pageCountMax: pageCountMax
        )
    }

    /// With rules, and perhaps others that are tried out.
    init(
        _ document: PolicyDocument,
        candidate: PolicyDocument? = nil,
        report: @escaping CandidatePolicy.Report = { _ in }
    ) throws {
        let registry = try FeatureRegistry(ServerFeatures(tools: [.greet, .list, .wipe]))
        let candidatePolicy = try candidate.map { try AccessPolicy($0, for: registry.operations) }
        try self.init(
            policy: AccessPolicy(document, for: registry.operations),
            registry: registry,
            candidate: candidatePolicy,
            report: report
        )
    }

    private init(
        policy: AccessPolicy,
        registry: FeatureRegistry,
        pageCountMax: Int = 100,
        instructions: String? = nil,
        candidate: AccessPolicy? = nil,
        report: @escaping CandidatePolicy.Report = { _ in }
    ) throws {
        self.policy = policy
        self.candidate = candidate
        dispatcher = try Dispatcher(
            description: ServerDescription(
                name: "fixture",
                title: "Fixture",
                version: "1.2",
                instructions: instructions
            ),
            registry: registry,
            policy: policy,
            candidate: candidate.map { CandidatePolicy($0, report: report) },
            pageCountMax: pageCountMax
        )
    }

    var admin: Principal { principal(roles: ["admin"]) }
    var readonly: Principal { principal(roles: ["readonly"]) }

    /// Named by scope alone.
    func scoped(_ scope: String...) -> Principal { principal(roles: nil, scope: scope) }

    func principal(
        roles: [String]?,
        scope: [String]? = nil,
        claims: String = "{}"
    ) -> Principal {
        func rights(_ policy: AccessPolicy) -> Rights {
            policy.rights(
                roles: roles,
                scope: scope,
                permissions: nil,
                satisfying: policy.claimConditions(satisfiedBy: ByteBuffer(claims).span)
            )
        }
        return Principal(
            subject: Subject(issuer: "https://issuer.example", name: "ada"),
            workspace: .shared,
            rights: rights(policy),
            candidate: candidate.map { CandidateRights(rights($0)) }
        )
    }

    /// Dispatches a message and checks that what comes back is well-formed.
    func answer(
        to message: Message,
        session: ProtocolVersion? = nil,
        as caller: Principal? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Answer {
        try answer(
            to: Array(message.body.utf8),
            fields: MirroredFields(message.fields),
            session: session,
            as: caller ?? admin,
            sourceLocation
        )
    }

    func answer(
        to body: [UInt8],
        fields: borrowing MirroredFields,
        session: ProtocolVersion?,
        as caller: Principal,
        _ sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Answer {
        var buffer = ByteBuffer()
        let dispatch = dispatcher.dispatch(
            body.span,
            fields: fields,
            session: session.map { SessionState(version: $0, capabilities: capabilities) },
            caller: caller,
            into: &buffer
        )
        let answer = Answer(dispatch: dispatch, text: String(decoding: buffer.bytes, as: UTF8.self))
        try answer.validate(sourceLocation)
        return answer
    }
}

/// What came of a message.
struct Answer {
    let dispatch: Dispatch
    let text: String

    /// The HTTP status; `nil` where it is the transport's to choose.
    var statusCode: Int? {
        switch dispatch {
        case .respond(let statusCode), .respondInPlainText(let statusCode): statusCode
        case .beginSession, .repeated: 200
        case .accepted, .deliver, .cancel: 202
        case .change: 200
        case .refuse, .call, .listen, .batch, .task: nil
        }
    }

    var json: JSONTree? { try? JSONTree(text) }
    var result: JSONTree? { json?["result"] }
    var errorCode: Int? { json?["error"]?["code"]?.integer }
    var id: JSONTree? { json?["id"] }

    var call: FeatureCall? {
        if case .call(let call) = dispatch { return call }
        return nil
    }

    /// The response to a request that runs.
    func response(as caller: Principal) async throws -> JSONTree {
        guard let call else { return try JSONTree(text) }
        let context = RequestContext(call, principal: caller, nowSeconds: 0, loopIndex: 0)
        var buffer = ByteBuffer()
        _ = call.encode(await call.run(in: context), into: &buffer)
        return try JSONTree(String(decoding: buffer.bytes, as: UTF8.self))
    }

    var refusal: AccessDecision? {
        if case .refuse(let decision) = dispatch { return decision }
        return nil
    }

    /// The shape that every response has (JSON-RPC 2.0 §5).
    func validate(_ sourceLocation: SourceLocation) throws {
        switch dispatch {
        case .accepted, .refuse, .call, .listen, .deliver, .cancel, .batch, .task:
            #expect(text.isEmpty, sourceLocation: sourceLocation)
        case .respondInPlainText:
            #expect(text.hasSuffix("\n"), sourceLocation: sourceLocation)
        case .respond, .repeated, .beginSession, .change:
            try Self.validate(try JSONTree(text), sourceLocation)
        }
    }

    static func validate(_ json: JSONTree, _ sourceLocation: SourceLocation) throws {
        #expect(json["jsonrpc"]?.string == "2.0", sourceLocation: sourceLocation)
        let extra = json.names.subtracting(["jsonrpc", "id", "result", "error"])
        #expect(extra.isEmpty, sourceLocation: sourceLocation)
        guard let error = json["error"] else {
            #expect(json["result"] != nil && json["id"] != nil, sourceLocation: sourceLocation)
            return
        }
        #expect(json["result"] == nil, sourceLocation: sourceLocation)
        #expect(json["id"] != .null, sourceLocation: sourceLocation)
        let code = try #require(error["code"]?.integer, sourceLocation: sourceLocation)
        // One of them was defined, and is used, before 2026-07-28: no such resource.
        let isReserved = (-32_019 ... -32_000).contains(code) && code != -32_002
        #expect(!isReserved, sourceLocation: sourceLocation)
        #expect(error["message"]?.string?.isEmpty == false, sourceLocation: sourceLocation)
    }
}

extension MirroredFields {
    init(_ fields: [Message.Field]) {
        self.init()
        for field in fields {
            let value = Array(field.value.utf8)
            switch field.name {
            case Self.versionName: version.add(value.span)
            case Self.methodName: method.add(value.span)
            case Self.nameName: name.add(value.span)
            case let param where param.hasPrefix("Mcp-Param-"):
                addParam(param.dropFirst("Mcp-Param-".count).lowercased(), value.span)
            default: Issue.record("\(field.name) is no mirrored field")
            }
        }
    }
}

extension Tool {
    static let greet = Tool(
        name: "greet",
        title: "Greet",
        description: "Greets somebody.",
        input: ObjectSchema([
            .required("name", .string(lengthMin: 1, lengthMax: 20)),
            .optional("times", .integer(min: 1, max: 3)),
        ]),
        output: ObjectSchema([.required("greeting", .string(lengthMax: 40))]),
        annotations: ToolAnnotations(readOnly: true),
        permission: Permission("greet:people")
    ) { _, _ in .text("hello") }

    static let list = Tool(
        name: "list",
        description: "Lists things.",
        input: ObjectSchema([]),
        permission: .readTodos
    ) { _, _ in .text("nothing") }

    static let wipe = Tool(
        name: "wipe.all",
        description: "Deletes everything.",
        input: ObjectSchema([]),
        permission: .deleteTodos
    ) { _, _ in .text("gone") }
}
