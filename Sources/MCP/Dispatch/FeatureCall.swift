internal import AccessControl
public import Bytes
internal import JSON

/// A request that passed every check and waits to be run: a tool call, the reading of a resource, a
/// prompt, a completion.
///
/// A class, since it travels from the dispatcher to the task that runs it and to the context that
/// the feature sees: one reference instead of a dozen.
public final class FeatureCall: Sendable {
    enum Feature: Sendable {
        case tool(Int, Arguments)
        case resource(FeatureRegistry.ResourcePlace, uri: String)
        case resourceList(ResourceListing)
        case prompt(Int, Arguments)
        case completion(CompletionSource, value: String, others: [String: String])
    }

    public let protocolVersion: ProtocolVersion

    /// From `_meta`; a tool's own argument of that meaning is among its arguments.
    public let idempotencyKey: String?

    /// What trace the request is part of; `nil` if its sender does not say.
    public let trace: TraceContext?

    let registry: FeatureRegistry
    let feature: Feature
    let id: RequestID

    /// `_meta` of a modern result; `nil` in the legacy era.
    let resultMeta: RawJSON?

    /// What the client can be asked for.
    let capabilities: ClientCapabilities

    /// Where progress is reported to; `nil` if the client does not want to know.
    let progressToken: RawJSON?

    /// The least grave messages that are sent; `nil` for none.
    let logLevel: LogLevel?

    /// What earlier rounds of the same request brought.
    let roundTrip: RoundTrip

    let caller: Principal
    private let stateSeal: StateSeal

    init(
        _ feature: Feature,
        of registry: FeatureRegistry,
        _ request: CallRequest,
        by caller: Principal,
        roundTrip: RoundTrip,
        stateSeal: StateSeal
    ) {
        self.registry = registry
        self.feature = feature
        protocolVersion = request.version
        id = request.id
        idempotencyKey = request.idempotencyKey
        trace = request.trace
        resultMeta = request.resultMeta
        capabilities = request.capabilities
        progressToken = request.progressToken
        logLevel = request.logLevel
        self.roundTrip = roundTrip
        self.caller = caller
        self.stateSeal = stateSeal
    }

    /// What logs call the request: the name of the tool or prompt, or the method.
    public var name: String {
        switch feature {
        case .tool(let index, _): registry.tools[index].name
        case .prompt(let index, _): registry.features.prompts[index].name
        case .resource: Method.resourcesRead.rawValue
        case .resourceList: Method.resourcesList.rawValue
        case .completion: Method.completionComplete.rawValue
        }
    }

    /// The arguments of a tool or a prompt; empty for anything else.
    public var arguments: Arguments {
        switch feature {
        case .tool(_, let arguments), .prompt(_, let arguments): arguments
        case .resource, .resourceList, .completion: .none
        }
    }

    /// The id of the request: unique among those that its session waits for, no further.
    public var requestID: RequestID { id }

}

/// What a request says of itself besides what it asks for.
struct CallRequest {
    let id: RequestID
    let version: ProtocolVersion
    let resultMeta: RawJSON?
    let capabilities: ClientCapabilities
    let progressToken: RawJSON?
    let logLevel: LogLevel?
    let idempotencyKey: String?
    let trace: TraceContext?
}

/// How a request ended, as far as the client may know.
public enum CallOutcome: Sendable {
    case tool(ToolResult)
    case resource([ResourceContents])
    case resourceList(ListedResources)
    case prompt(PromptResult)
    case completion(Completion)
    case failed(RequestFailure)
    /// The limit on a call's duration passed.
    case timedOut(afterSeconds: Int)
    /// Its caller is not welcome any more.
    case refused(RequestRefusal)
}

extension FeatureCall {
    /// Runs the feature.
    ///
    /// Never throws: what went wrong is the outcome.
    public func run(in context: RequestContext) async -> CallOutcome {
        do throws(RequestFailure) {
            switch feature {
            case .tool(let index, let arguments):
                return .tool(try await registry.tools[index].call(arguments, context))
            case .resource(.resource(let index), let uri):
                return .resource(try await registry.features.resources[index].read(uri, context))
            case .resource(.template(let index, let variables), let uri):
                let template = registry.features.resourceTemplates[index]
                return .resource(try await template.read(uri, variables, context))
            case .resourceList(let listing):
                return .resourceList(try await listing.page(registry, context))
            case .prompt(let index, let arguments):
                return .prompt(try await registry.features.prompts[index].get(arguments, context))
            case .completion(let source, let value, let others):
                return .completion(try await source.complete(value, others, context))
            }
        } catch {
            return .failed(error)
        }
    }

    /// Appends the response to `buffer`.
    ///
    /// - Returns: Its HTTP status, for where the response is not part of a stream.
    public func encode(_ outcome: CallOutcome, into buffer: inout ByteBuffer) -> Int {
        switch outcome {
        case .tool(let result):
            ResponseWriting.encode(result, of: self, into: &buffer)
        case .resource(let contents):
            ResponseWriting.encode(contents, of: self, into: &buffer)
        case .resourceList(let page):
            ResponseWriting.encode(page, of: self, into: &buffer)
        case .prompt(let result):
            ResponseWriting.encode(result, of: self, into: &buffer)
        case .completion(let completion):
            ResponseWriting.encode(completion, of: self, into: &buffer)
        case .failed(let failure):
            return encode(failure, into: &buffer)
        case .timedOut(let seconds):
            var what = "request"
            if case .tool = feature { what = "tool" }
            let message = "The \(what) did not finish within \(seconds) seconds."
            return encode(RequestFailure.rejected(message: message), into: &buffer)
        case .refused(let refusal):
            return encode(RPCError.refused(refusal), into: &buffer)
        }
        return 200
    }

    private func encode(_ failure: RequestFailure, into buffer: inout ByteBuffer) -> Int {
        switch failure {
        case .rejected(let message):
            guard case .tool = feature else {
                return encode(RPCError.rejected(message: message), into: &buffer)
            }
            ResponseWriting.encodeToolError(message, of: self, into: &buffer)
            return 200
        case .unavailable:
            guard case .tool = feature else { return encode(.internalError, into: &buffer) }
            let message = "The service is temporarily unavailable. Try the same call again."
            ResponseWriting.encodeToolError(message, of: self, into: &buffer)
            return 200
        case .notFound:
            guard case .resource(_, let uri) = feature else {
                return encode(.internalError, into: &buffer)
            }
            return encode(.unknownResource(uri: uri.quoted), into: &buffer)
        case .missingCapability(let capabilities):
            if case .tool = feature, protocolVersion.era == .legacy {
                // No number of its own says so in the legacy era, and the model can act on it.
                let message = "The client cannot be asked for what this tool needs."
                ResponseWriting.encodeToolError(message, of: self, into: &buffer)
                return 200
            }
            return encode(RPCError.missingCapability(capabilities), into: &buffer)
        case .inputRequired(let required):
            return encode(required, into: &buffer)
        case .failed:
            return encode(.internalError, into: &buffer)
        }
    }

    private func encode(_ required: InputRequired, into buffer: inout ByteBuffer) -> Int {
        var state: String?
        if let remembered = required.remembered {
            let context = SealContext.encode(feature, of: registry, by: caller)
            state = stateSeal.seal(remembered, context)
            // Without a seal nothing can be remembered.
            if state == nil { return encode(.internalError, into: &buffer) }
        }
        switch feature {
        case .tool, .resource, .prompt: break
        // These cannot ask.
        case .resourceList, .completion: return encode(.internalError, into: &buffer)
        }
        ResponseWriting.encode(required, state: state, of: self, into: &buffer)
        return 200
    }

    private func encode(_ error: RPCError, into buffer: inout ByteBuffer) -> Int {
        let era = protocolVersion.era
        let id = id.json
        ResponseWriting.encode(error, id: id.span, in: era, into: &buffer)
        return error.statusCode(in: era)
    }
}
