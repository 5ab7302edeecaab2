internal import AccessControl
internal import Bytes
internal import JSON

/// The stateless protocol: every request says all there is to know about it.
extension Dispatcher {
    func dispatchModern(
        _ envelope: Envelope,
        _ body: Span<UInt8>,
        _ fields: borrowing MirroredFields,
        _ caller: Principal,
        results: ResultCache?,
        into buffer: inout ByteBuffer
    ) throws(RPCError) -> Dispatch {
        let id: Range<Int>
        switch envelope.kind {
        case .request(let range): id = range
        case .response: throw .malformedEnvelope(.responseNotExpected)
        case .notification:
            return try acceptNotification(envelope, body, fields)
        }
        let params = try RequestParams.read(envelope.params, in: body)
        try requireMeta(of: params, envelope, fields)
        if fields.areRepeated { try requireSameMethod(envelope, body, fields) }
        if let param = envelope.method?.mirroredParam, fields.areRepeated {
            try requireSameName(params, param, body, fields)
        }
        switch envelope.method {
        case .serverDiscover:
            let decision = access.discover.decision(for: caller.rights)
            guard decision == .allowed else { return .refuse(decision) }
            ResponseWriting.beginResult(id: body.extracting(id), into: &buffer)
            let result = discoverResult
            buffer.append(result.span)
            ResponseWriting.endResult(into: &buffer)
            return .respond(statusCode: 200)
        case .toolsCall:
            if let results,
                let repeated = try repeatCall(
                    params,
                    id: id,
                    body,
                    fields,
                    .v2026_07_28,
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
                try request(params, id: id, body, fields),
                caller,
                into: &buffer
            )
        case .resourcesRead:
            return try readResource(params, body, try request(params, id: id, body, fields), caller)
        case .resourcesList where !registry.features.resourceSources.isEmpty:
            let request = try request(params, id: id, body, fields)
            return try listResources(params, body, request, caller, into: &buffer)
        case .promptsGet:
            return try getPrompt(params, body, try request(params, id: id, body, fields), caller)
        case .completionComplete:
            let request = try request(params, id: id, body, fields)
            return try complete(params, body, request, caller, into: &buffer)
        case .subscriptionsListen:
            return try listen(params, body, id: id, caller)
        case let method? where method.isOfTasks:
            return try taskRequest(method, params, body, id: id, caller)
        case let method?
        where method == .toolsList || method == .resourcesList
            || method == .resourceTemplatesList || method == .promptsList:
            return try list(
                method,
                params,
                body,
                id: id,
                version: .v2026_07_28,
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
        _ fields: borrowing MirroredFields
    ) throws(RPCError) -> CallRequest {
        var capabilities: ClientCapabilities = []
        if case .present(let declared) = params.meta.clientCapabilities { capabilities = declared }
        return CallRequest(
            id: RequestID(json: body.extracting(id)),
            version: .v2026_07_28,
            resultMeta: resultMeta,
            capabilities: capabilities,
            progressToken: try params.meta.progressTokenOrNone(),
            logLevel: try params.meta.logLevelOrNone(),
            idempotencyKey: try params.meta.idempotencyKeyOrNone(),
            trace: TraceContext(params.meta, fields)
        )
    }

    /// A message without an id that is named like a notification; unknown ones are ignored.
    ///
    /// `Mcp-Method` and the version in `_meta` are required of requests only; where a notification
    /// has them they must be true all the same. A client takes a request back with one where it
    /// cannot close a stream (MCP 2026-07-28, *Cancellation*).
    private func acceptNotification(
        _ envelope: Envelope,
        _ body: Span<UInt8>,
        _ fields: borrowing MirroredFields
    ) throws(RPCError) -> Dispatch {
        guard envelope.methodText(in: body).hasPrefix(Method.notificationPrefix) else {
            throw .malformedEnvelope(.missingID)
        }
        if fields.method.count > 0 { try requireSameMethod(envelope, body, fields) }
        let params = try RequestParams.read(envelope.params, in: body)
        if params.hasMalformedMeta { throw .malformedParams(name: "_meta", expected: "an object") }
        guard fields.areRepeated else {
            return cancellation(envelope, params, body) ?? .accepted
        }
        let version = fields.version.value.span
        if case .present(let text) = params.meta.protocolVersion, !version.equals(text) {
            throw .headerMismatch(.different(field: MirroredFields.versionName))
        }
        guard ProtocolVersion(version) == .v2026_07_28 else {
            let requested = String(validating: version) ?? ""
            throw .unsupportedVersion(requested: requested.quoted)
        }
        return .accepted
    }

    /// Version and capabilities travel with every request, and the field repeats the version.
    private func requireMeta(
        of params: RequestParams,
        _ envelope: Envelope,
        _ fields: borrowing MirroredFields
    ) throws(RPCError) {
        if params.hasMalformedMeta { throw .malformedParams(name: "_meta", expected: "an object") }
        switch params.meta.protocolVersion {
        case .absent:
            // A legacy handshake under the modern field, rather than a careless modern client.
            if envelope.method == .initialize { throw .headerMismatch(.otherEra) }
            throw .missingMeta(name: RequestMeta.protocolVersionName)
        case .ofOtherType:
            throw .malformedParams(name: RequestMeta.protocolVersionName, expected: "a string")
        case .present(let version) where !fields.areRepeated:
            guard ProtocolVersion(rawValue: version) == .v2026_07_28 else {
                throw .unsupportedVersion(requested: version.quoted)
            }
        case .present(let version):
            guard fields.version.value.span.equals(version) else {
                throw .headerMismatch(.different(field: MirroredFields.versionName))
            }
            guard ProtocolVersion(fields.version.value.span) == .v2026_07_28 else {
                throw .unsupportedVersion(requested: version.quoted)
            }
        }
        switch params.meta.clientCapabilities {
        case .absent: throw .missingMeta(name: RequestMeta.clientCapabilitiesName)
        case .ofOtherType:
            throw .malformedParams(name: RequestMeta.clientCapabilitiesName, expected: "an object")
        case .present: break
        }
        // Of every method, though only some send messages: a level that does not exist is a mistake.
        _ = try params.meta.logLevelOrNone()
    }

    private func requireSameMethod(
        _ envelope: Envelope,
        _ body: Span<UInt8>,
        _ fields: borrowing MirroredFields
    ) throws(RPCError) {
        try requireOnce(fields.method, MirroredFields.methodName)
        let isSame =
            if let method = envelope.method {
                fields.method.value.span.equals(method.rawValue)
            } else {
                fields.method.value.span.equals(envelope.methodText(in: body))
            }
        if !isSame { throw .headerMismatch(.different(field: MirroredFields.methodName)) }
    }

    private func requireSameName(
        _ params: RequestParams,
        _ param: Method.MirroredParam,
        _ body: Span<UInt8>,
        _ fields: borrowing MirroredFields
    ) throws(RPCError) {
        try requireOnce(fields.name, MirroredFields.nameName)
        let member =
            switch param {
            case .name: params.name
            case .uri: params.uri
            case .taskID: params.taskID
            }
        guard let member else { throw .missingParam(name: param.rawValue) }
        let text = try member.string(in: body, called: param.rawValue)
        guard let isSame = HeaderText.read(fields.name.value.span, { $0.equals(text) }) else {
            throw .headerMismatch(.malformed(field: MirroredFields.nameName))
        }
        guard isSame else {
            throw .headerMismatch(.different(field: MirroredFields.nameName))
        }
    }

    private func requireOnce(
        _ field: MirroredFields.Field,
        _ name: String
    ) throws(RPCError) {
        if field.count == 0 { throw .headerMismatch(.missing(field: name)) }
        if field.count > 1 { throw .headerMismatch(.repeated(field: name)) }
    }
}
