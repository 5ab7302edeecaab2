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

    /// Answers a call as it was answered before, if its tool says that this still holds.
    ///
    /// It is decided upon like any other; what its arguments are worth was found when they came
    /// first. Where anything is unusual the call goes the long way, which says so.
    func repeatCall(
        _ params: RequestParams,
        id: Range<Int>,
        _ body: Span<UInt8>,
        _ fields: borrowing MirroredFields,
        _ version: ProtocolVersion,
        _ caller: Principal,
        from results: ResultCache,
        into buffer: inout ByteBuffer
    ) throws(RPCError) -> RepeatedCall? {
        guard candidate == nil, let name = params.name, name.kind == .string,
            let index = try toolIndex(name, in: body),
            let validator = registry.tools[index].validator,
            registry.tools[index].taskSupport == .forbidden,
            registry.mirroredArguments[index].isEmpty,
            params.inputResponses == nil, params.requestState == nil,
            params.meta.isWithoutDemands
        else { return nil }
        // Absent arguments are the rarest way to say that there are none.
        guard let member = params.arguments, member.kind == .object else { return nil }
        let arguments = body.extracting(member.range)
        let decision = decision(onToolAt: index, of: caller, arguments: arguments)
        guard decision == .allowed, let resultVersion = validator.version(caller),
            results.respond(
                toToolAt: index,
                sharedBy: validator.scope,
                arguments,
                version,
                caller,
                id: body.extracting(id),
                at: resultVersion,
                into: &buffer
            )
        else { return nil }
        return RepeatedCall(toolIndex: index, trace: TraceContext(params.meta, fields))
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
