internal import AccessControl
internal import Bytes
internal import JSON
internal import JSONSchema

/// `tools/list` and `tools/call`, in either era.
extension Dispatcher {
    func listTools(
        _ params: RequestParams,
        _ body: Span<UInt8>,
        id: Range<Int>,
        version: ProtocolVersion,
        _ caller: Principal,
        into buffer: inout ByteBuffer
    ) throws(RPCError) -> Dispatch {
        let decision = access.listTools.decision(for: caller.rights)
        guard decision == .allowed else { return .refuse(decision) }
        // The list is one page, so that no cursor was ever issued.
        if params.cursor != nil { throw .unknownCursor }
        ResponseWriting.beginResult(id: body.extracting(id), into: &buffer)
        var writer = JSONWriter(ResponseWriting.take(&buffer))
        writer.beginObject()
        writer.name("tools")
        encodeTools(for: caller.rights, version: version, into: &writer)
        if version.era == .modern {
            writer.name("ttlMs")
            writer.integer(Self.listLifetimeMilliseconds)
            writer.name("cacheScope")
            writer.string("private")
        }
        ResponseWriting.endModernResult(&writer, meta: version.era == .modern ? resultMeta : nil)
        buffer = writer.finish()
        ResponseWriting.endResult(into: &buffer)
        return .respond(statusCode: 200)
    }

    func callTool(
        _ params: RequestParams,
        _ body: Span<UInt8>,
        id: Range<Int>,
        version: ProtocolVersion,
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
        let tool = tools.tools[index]
        let call = ToolCall(
            tool: tool,
            arguments: try arguments(params.arguments, in: body),
            protocolVersion: version,
            idempotencyKey: try idempotencyKey(params, body),
            id: RequestID(json: body.extracting(id)),
            resultMeta: version.era == .modern ? resultMeta : nil
        )
        if let violation = tool.input.validate(call.arguments.json.span) {
            // The model made the arguments, so the model is told (MCP, *Tools*, "Error Handling").
            call.encode(.failed(.rejected(message: violation.description)), into: &buffer)
            return .respond(statusCode: 200)
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
            return tools.index(named: try reader.readString(), in: reader)
        } catch {
            throw .notJSON(error)
        }
    }

    /// A copy, since the call may outlive the receive buffer; absent arguments are none.
    private func arguments(
        _ member: RequestParams.Member?,
        in body: Span<UInt8>
    ) throws(RPCError) -> ToolArguments {
        guard let member else {
            return ToolArguments(json: RawJSON(unchecked: ByteBuffer("{}")))
        }
        guard member.kind == .object else {
            throw .malformedParams(name: "arguments", expected: "an object")
        }
        let copy = ByteBuffer(copying: body.extracting(member.range))
        return ToolArguments(json: RawJSON(unchecked: copy))
    }

    private func idempotencyKey(
        _ params: RequestParams,
        _ body: Span<UInt8>
    ) throws(RPCError) -> String? {
        switch params.meta.idempotencyKey {
        case .absent: return nil
        case .ofOtherType:
            throw .malformedParams(name: RequestMeta.idempotencyKeyName, expected: "a string")
        case .present(let key): return key
        }
    }
}
