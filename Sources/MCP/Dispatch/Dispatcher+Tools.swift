internal import AccessControl
internal import Bytes
internal import JSON
internal import JSONSchema

/// `tools/call`, in either era.
extension Dispatcher {
    func callTool(
        _ params: RequestParams,
        _ body: Span<UInt8>,
        _ fields: borrowing MirroredFields,
        _ request: CallRequest,
        _ caller: Principal,
        into buffer: inout ByteBuffer
    ) throws(RPCError) -> Dispatch {
        guard let name = params.name else { throw .missingParam(name: "name") }
        guard let index = try toolIndex(name, in: body) else {
            // Which tools exist is for those to know who may call any.
            let decision = access.callTools.decision(for: caller.rights)
            guard decision == .allowed else { return .refuse(decision) }
            let text = try name.string(in: body, called: "name")
            throw .unknownTool(name: text.quoted)
        }
        // Before the schema looks at the arguments: a caller who may not call learns nothing of
        // whether they were right.
        let decision = decision(
            onToolAt: index,
            of: caller,
            arguments: body.extracting(params.arguments?.range ?? 0..<0)
        )
        guard decision == .allowed else { return .refuse(decision) }
        let arguments = try arguments(params.arguments, in: body)
        if fields.areRepeated, request.version.era == .modern,
            !registry.mirroredArguments[index].isEmpty
        {
            for mirrored in registry.mirroredArguments[index] {
                let field = fields.param(mirrored.fieldSuffix)
                if let fault = mirrored.agrees(field, with: arguments) {
                    throw .headerMismatch(fault)
                }
            }
        }
        let call = try call(.tool(index, arguments), request, params, body, caller)
        if let objection = registry.tools[index].input.objection(to: arguments.json.span) {
            // The model made the arguments, so the model is told (MCP, *Tools*, "Error Handling").
            let failure = RequestFailure.rejected(message: objection)
            return .respond(statusCode: call.encode(.failed(failure), into: &buffer))
        }
        if registry.tools[index].taskSupport == .required, !call.runsAsTask {
            let failure = RequestFailure.missingCapability(.tasks)
            return .respond(statusCode: call.encode(.failed(failure), into: &buffer))
        }
        return .call(call)
    }

    private func toolIndex(
        _ name: RequestParams.Member,
        in body: Span<UInt8>
    ) throws(RPCError) -> Int? {
        guard name.kind == .string else {
            throw .malformedParams(name: "name", expected: "a string")
        }
        var reader = JSONReader(body.extracting(name.range))
        do throws(JSONError) {
            return registry.toolIndex(named: try reader.readString(), in: reader)
        } catch {
            throw .notJSON(error)
        }
    }

    /// A copy, since the call may outlive the receive buffer; absent arguments are none.
    func arguments(
        _ member: RequestParams.Member?,
        in body: Span<UInt8>
    ) throws(RPCError) -> Arguments {
        guard let member else { return .none }
        guard member.kind == .object else {
            throw .malformedParams(name: "arguments", expected: "an object")
        }
        let copy = ByteBuffer(copying: body.extracting(member.range))
        return Arguments(json: RawJSON(unchecked: copy))
    }

    /// The call, with what earlier rounds of it brought.
    func call(
        _ feature: FeatureCall.Feature,
        _ request: CallRequest,
        _ params: RequestParams,
        _ body: Span<UInt8>,
        _ caller: Principal
    ) throws(RPCError) -> FeatureCall {
        var roundTrip = RoundTrip.none
        if request.version.era == .modern,
            params.inputResponses != nil || params.requestState != nil
        {
            roundTrip = try self.roundTrip(feature, params, body, caller)
        }
        return FeatureCall(
            feature,
            of: registry,
            request,
            by: caller,
            roundTrip: roundTrip,
            stateSeal: stateSeal
        )
    }

    private func roundTrip(
        _ feature: FeatureCall.Feature,
        _ params: RequestParams,
        _ body: Span<UInt8>,
        _ caller: Principal
    ) throws(RPCError) -> RoundTrip {
        var answers: [String: RawJSON] = [:]
        var state: RawJSON?
        if let member = params.requestState {
            let text = try member.string(in: body, called: "requestState")
            let context = SealContext.encode(feature, of: registry, by: caller)
            guard let carried = stateSeal.open(text, context) else { throw .refusedState }
            do throws(JSONError) {
                let earlier = try RoundTrip(carried: carried)
                answers = earlier.answers
                state = earlier.state
            } catch {
                throw .refusedState
            }
        }
        if let member = params.inputResponses {
            guard member.kind == .object else {
                throw .malformedParams(name: "inputResponses", expected: "an object")
            }
            var reader = JSONReader(body.extracting(member.range))
            do throws(JSONError) {
                answers.merge(try RoundTrip.members(&reader)) { _, new in new }
            } catch {
                throw .notJSON(error)
            }
        }
        return RoundTrip(answers: answers, state: state)
    }
}
