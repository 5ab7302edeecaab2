internal import AccessControl
internal import Bytes
internal import JSON

/// The protocol with a handshake, up to 2025-11-25.
extension Dispatcher {
    func dispatchLegacy(
        _ envelope: Envelope,
        _ body: Span<UInt8>,
        _ fields: borrowing MirroredFields,
        _ version: ProtocolVersion,
        session: SessionState?,
        _ caller: Principal,
        results: ResultCache?,
        into buffer: inout ByteBuffer
    ) throws(RPCError) -> Dispatch {
        let params = try RequestParams.read(envelope.params, in: body)
        // Modern metadata under a legacy version field, or none: the fields lie.
        if params.meta.isModern {
            throw fields.areRepeated
                ? .headerMismatch(.otherEra) : .malformedEnvelope(.modernInSession)
        }
        // Whoever names a version has agreed on it in a handshake and was given a session. Without
        // both it is a client that knows of neither.
        if session == nil, fields.version.count > 0, envelope.method != .initialize {
            throw .missingSession
        }
        let id: Range<Int>
        switch envelope.kind {
        case .request(let range): id = range
        case .response(let responseID, let outcome):
            return deliver(responseID, outcome, body)
        case .notification:
            guard envelope.methodText(in: body).hasPrefix(Method.notificationPrefix) else {
                throw .malformedEnvelope(.missingID)
            }
            return cancellation(envelope, params, body) ?? .accepted
        }
        if params.hasMalformedMeta { throw .malformedParams(name: "_meta", expected: "an object") }
        switch envelope.method {
        case .initialize:
            let decision = access.initialize.decision(for: caller.rights)
            guard decision == .allowed else { return .refuse(decision) }
            // Over HTTP it begins another session; elsewhere there is one for the process.
            if session != nil, !fields.areRepeated {
                throw .malformedEnvelope(.repeatedInitialize)
            }
            return try initialize(params, body, id: id, into: &buffer)
        case .ping:
            let decision = access.ping.decision(for: caller.rights)
            guard decision == .allowed else { return .refuse(decision) }
            ResponseWriting.encodeEmptyResult(id: body.extracting(id), into: &buffer)
            return .respond(statusCode: 200)
        case .toolsCall:
            if let results,
                let repeated = try repeatCall(
                    params,
                    id: id,
                    body,
                    fields,
                    version,
                    caller,
                    from: results,
                    into: &buffer
                )
            {
                return .repeated(repeated)
            }
            return try callTool(
                params,
                body,
                fields,
                try request(params, id: id, body, fields, version, session),
                caller,
                into: &buffer
            )
        case .resourcesRead:
            let request = try request(params, id: id, body, fields, version, session)
            return try readResource(params, body, request, caller)
        case .resourcesList where !registry.features.resourceSources.isEmpty:
            let request = try request(params, id: id, body, fields, version, session)
            return try listResources(params, body, request, caller, into: &buffer)
        case .promptsGet:
            let request = try request(params, id: id, body, fields, version, session)
            return try getPrompt(params, body, request, caller)
        case .completionComplete:
            let request = try request(params, id: id, body, fields, version, session)
            return try complete(params, body, request, caller, into: &buffer)
        case .loggingSetLevel:
            return try setLevel(params, body, id: id, session, into: &buffer)
        case .resourcesSubscribe?, .resourcesUnsubscribe?:
            guard let session, let method = envelope.method else { throw .missingSession }
            guard
                method == .resourcesUnsubscribe
                    || session.subscriptionCount < SubscriptionFilter.resourceCountMax
            else {
                throw .rejected(message: "This session has subscribed to too many resources")
            }
            return try changeSubscription(
                method,
                params,
                body,
                id: id,
                caller,
                into: &buffer
            )
        case let method?
        where method == .toolsList || method == .resourcesList
            || method == .resourceTemplatesList || method == .promptsList:
            return try list(
                method,
                params,
                body,
                id: id,
                version: version,
                caller,
                into: &buffer
            )
        default:
            throw .unknownMethod(name: envelope.quotedMethodName(in: body))
        }
    }

    private func request(
        _ params: RequestParams,
        id: Range<Int>,
        _ body: Span<UInt8>,
        _ fields: borrowing MirroredFields,
        _ version: ProtocolVersion,
        _ session: SessionState?
    ) throws(RPCError) -> CallRequest {
        CallRequest(
            id: RequestID(json: body.extracting(id)),
            version: version,
            resultMeta: nil,
            capabilities: session?.capabilities ?? [],
            progressToken: try params.meta.progressTokenOrNone(),
            logLevel: session?.logLevel,
            idempotencyKey: try params.meta.idempotencyKeyOrNone(),
            trace: TraceContext(params.meta, fields)
        )
    }

    /// A client's answer to a request of the server; one to nothing that was asked is ignored.
    private func deliver(
        _ id: Range<Int>?,
        _ outcome: Envelope.Outcome,
        _ body: Span<UInt8>
    ) -> Dispatch {
        guard let id else { return .accepted }
        var result: RawJSON?
        if case .result(let range) = outcome {
            result = RawJSON(unchecked: ByteBuffer(copying: body.extracting(range)))
        }
        return .deliver(
            ClientResponse(id: RequestID(json: body.extracting(id)), result: result)
        )
    }

    func cancellation(
        _ envelope: Envelope,
        _ params: RequestParams,
        _ body: Span<UInt8>
    ) -> Dispatch? {
        guard envelope.method == .cancelled, let id = params.requestID,
            id.kind == .string || id.kind == .number
        else { return nil }
        return .cancel(RequestID(json: body.extracting(id.range)))
    }

    private func setLevel(
        _ params: RequestParams,
        _ body: Span<UInt8>,
        id: Range<Int>,
        _ session: SessionState?,
        into buffer: inout ByteBuffer
    ) throws(RPCError) -> Dispatch {
        guard session != nil else { throw .missingSession }
        guard let member = params.level else { throw .missingParam(name: "level") }
        let text = try member.string(in: body, called: "level")
        guard let level = LogLevel(rawValue: text) else {
            throw .malformedParams(name: "level", expected: LogLevel.expectation)
        }
        ResponseWriting.encodeEmptyResult(id: body.extracting(id), into: &buffer)
        return .change(.logLevel(level))
    }

    /// Agrees on a version: the client's if it is served, otherwise the newest legacy one
    /// (MCP 2025-11-25, *Lifecycle*, "Version Negotiation").
    private func initialize(
        _ params: RequestParams,
        _ body: Span<UInt8>,
        id: Range<Int>,
        into buffer: inout ByteBuffer
    ) throws(RPCError) -> Dispatch {
        guard let proposed = params.protocolVersion else {
            throw .missingParam(name: "protocolVersion")
        }
        let proposal = try proposed.string(in: body, called: "protocolVersion")
        for (name, member) in [
            ("capabilities", params.capabilities), ("clientInfo", params.clientInfo),
        ] {
            guard let member else { throw .missingParam(name: name) }
            guard member.kind == .object else {
                throw .malformedParams(name: name, expected: "an object")
            }
        }
        var version = ProtocolVersion.newestLegacy
        if let served = ProtocolVersion(rawValue: proposal), served.era == .legacy {
            version = served
        }
        var declared: ClientCapabilities = []
        if let member = params.capabilities {
            var reader = JSONReader(body.extracting(member.range))
            do throws(JSONError) {
                declared = try ClientCapabilities(&reader)
            } catch {
                throw .notJSON(error)
            }
        }
        ResponseWriting.beginResult(id: body.extracting(id), into: &buffer)
        var writer = JSONWriter(ResponseWriting.take(&buffer))
        writer.beginObject()
        writer.name("protocolVersion")
        writer.string(version.rawValue)
        writer.name("capabilities")
        Self.encodeCapabilities(of: registry.features, into: &writer)
        writer.name("serverInfo")
        description.encodeImplementation(into: &writer, for: version)
        if let instructions = description.instructions {
            writer.name("instructions")
            writer.string(instructions)
        }
        writer.endObject()
        buffer = writer.finish()
        ResponseWriting.endResult(into: &buffer)
        return .beginSession(version: version, capabilities: declared.known(in: version))
    }
}
