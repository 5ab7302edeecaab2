internal import AccessControl
internal import Bytes
internal import JSON

/// `prompts/get` and `completion/complete`.
extension Dispatcher {
    func getPrompt(
        _ params: RequestParams,
        _ body: Span<UInt8>,
        _ request: CallRequest,
        _ caller: Principal
    ) throws(RPCError) -> Dispatch {
        guard let member = params.name else { throw .missingParam(name: "name") }
        let name = try member.string(in: body, called: "name")
        guard let index = registry.promptIndex(named: ByteBuffer(name).span) else {
            throw .unknownPrompt(name: name.quoted)
        }
        let decision = promptDecision(
            at: index,
            of: caller,
            arguments: body.extracting(params.arguments?.range ?? 0..<0)
        )
        guard decision == .allowed else { return .refuse(decision) }
        let arguments = try arguments(params.arguments, in: body)
        try requireArguments(of: registry.features.prompts[index], arguments)
        return .call(try call(.prompt(index, arguments), request, params, body, caller))
    }

    /// Every required argument must be there, all must be text and none unknown.
    private func requireArguments(
        of prompt: Prompt,
        _ arguments: Arguments
    ) throws(RPCError) {
        let given: [String: RawJSON]
        do throws(JSONError) {
            var reader = JSONReader(arguments.json.span)
            given = try RoundTrip.members(&reader)
        } catch {
            throw .notJSON(error)
        }
        for name in given.keys.sorted() {
            guard prompt.arguments.contains(where: { $0.name == name }) else {
                throw .rejected(message: "Invalid params: unknown argument \(name.quoted)")
            }
            guard arguments.string(name) != nil else {
                throw .malformedParams(name: "arguments.\(name)", expected: "a string")
            }
        }
        for argument in prompt.arguments where argument.isRequired && given[argument.name] == nil {
            throw .missingParam(name: "arguments.\(argument.name)")
        }
    }

    func complete(
        _ params: RequestParams,
        _ body: Span<UInt8>,
        _ request: CallRequest,
        _ caller: Principal,
        into buffer: inout ByteBuffer
    ) throws(RPCError) -> Dispatch {
        let reference = try CompletionReference(params, in: body)
        let sources: [String: CompletionSource?]
        let requirement: Requirement
        switch reference.target {
        case .prompt(let name):
            guard let index = registry.promptIndex(named: ByteBuffer(name).span) else {
                throw .unknownPrompt(name: name.quoted)
            }
            requirement = access.prompts[index]
            let arguments = registry.features.prompts[index].arguments
            sources = Dictionary(
                arguments.map { ($0.name, $0.completion) },
                uniquingKeysWith: { first, _ in first }
            )
        case .template(let uri):
            let index = registry.features.resourceTemplates.firstIndex { $0.template.text == uri }
            guard let index else { throw .unknownResource(uri: uri.quoted) }
            requirement = access.templates[index]
            let template = registry.features.resourceTemplates[index]
            var known: [String: CompletionSource?] = [:]
            for name in template.template.variableNames {
                known[name] = .some(template.completions[name])
            }
            sources = known
        }
        var decision = requirement.decision(for: caller.rights)
        // What depends on the arguments of a prompt can be asked about before they are chosen.
        if decision == .dependsOnArguments { decision = .allowed }
        guard decision == .allowed else { return .refuse(decision) }
        guard let entry = sources[reference.argumentName] else {
            throw .rejected(
                message: "Invalid params: unknown argument \(reference.argumentName.quoted)"
            )
        }
        guard let source = entry else {
            let nothing = try call(
                .completion(.none, value: "", others: [:]),
                request,
                params,
                body,
                caller
            )
            return .respond(statusCode: nothing.encode(.completion(Completion([])), into: &buffer))
        }
        if let own = policy.requirement([source.permission]) {
            let decision = own.decision(for: caller.rights)
            guard decision == .allowed else { return .refuse(decision) }
        }
        let feature = FeatureCall.Feature.completion(
            source,
            value: reference.value,
            others: reference.others
        )
        return .call(try call(feature, request, params, body, caller))
    }
}

extension CompletionSource {
    /// Has nothing to propose, and is never asked.
    fileprivate static let none = CompletionSource(permission: .callTools) { _, _, _ in
        Completion([])
    }
}

/// What a completion is wanted for (MCP, `CompleteRequestParams`).
private struct CompletionReference {
    enum Target {
        case prompt(name: String)
        case template(uri: String)
    }

    let target: Target
    let argumentName: String
    let value: String
    let others: [String: String]

    init(_ params: RequestParams, in body: Span<UInt8>) throws(RPCError) {
        let reference = try Self.strings(params.reference, called: "ref", in: body)
        switch reference["type"] {
        case "ref/prompt":
            guard let name = reference["name"] else { throw .missingParam(name: "ref.name") }
            target = .prompt(name: name)
        case "ref/resource":
            guard let uri = reference["uri"] else { throw .missingParam(name: "ref.uri") }
            target = .template(uri: uri)
        default:
            throw .malformedParams(name: "ref.type", expected: "\"ref/prompt\" or \"ref/resource\"")
        }
        let argument = try Self.strings(params.argument, called: "argument", in: body)
        guard let name = argument["name"] else { throw .missingParam(name: "argument.name") }
        guard let value = argument["value"] else { throw .missingParam(name: "argument.value") }
        argumentName = name
        self.value = value
        others = try Self.others(params.completionContext, in: body)
    }

    /// The members of an object that are strings.
    private static func strings(
        _ member: RequestParams.Member?,
        called name: String,
        in body: Span<UInt8>
    ) throws(RPCError) -> [String: String] {
        guard let member else { throw .missingParam(name: name) }
        guard member.kind == .object else {
            throw .malformedParams(name: name, expected: "an object")
        }
        var reader = JSONReader(body.extracting(member.range))
        do throws(JSONError) {
            return try strings(&reader)
        } catch {
            throw .notJSON(error)
        }
    }

    private static func others(
        _ member: RequestParams.Member?,
        in body: Span<UInt8>
    ) throws(RPCError) -> [String: String] {
        guard let member else { return [:] }
        guard member.kind == .object else {
            throw .malformedParams(name: "context", expected: "an object")
        }
        var reader = JSONReader(body.extracting(member.range))
        do throws(JSONError) {
            try reader.beginObject()
            while let name = try reader.nextMember() {
                if reader.equals(name, "arguments"), try reader.peek() == .object {
                    return try strings(&reader)
                }
                try reader.skipValue()
            }
            return [:]
        } catch {
            throw .notJSON(error)
        }
    }

    private static func strings(
        _ reader: inout JSONReader
    ) throws(JSONError) -> [String: String] {
        var strings: [String: String] = [:]
        try reader.beginObject()
        while let name = try reader.nextMember() {
            guard try reader.peek() == .string, strings.count < RoundTrip.answerCountMax else {
                try reader.skipValue()
                continue
            }
            let value = try reader.readString()
            strings[reader.text(of: name)] = reader.text(of: value)
        }
        return strings
    }
}
