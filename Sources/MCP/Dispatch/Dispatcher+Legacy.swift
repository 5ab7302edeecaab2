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
        session: ProtocolVersion?,
        _ caller: Principal,
        into buffer: inout ByteBuffer
    ) throws(RPCError) -> Dispatch {
        let params = try RequestParams.read(envelope.params, in: body)
        // Modern metadata under a legacy version field, or none: the fields lie.
        if params.meta.isModern { throw .headerMismatch(.otherEra) }
        // Whoever names a version has agreed on it in a handshake and was given a session. Without
        // both it is a client that knows of neither.
        if session == nil, fields.version.count > 0, envelope.method != .initialize {
            throw .missingSession
        }
        let id: Range<Int>
        switch envelope.kind {
        case .request(let range): id = range
        case .response: return .accepted
        case .notification:
            guard envelope.methodText(in: body).hasPrefix(Method.notificationPrefix) else {
                throw .malformedEnvelope(.missingID)
            }
            return .accepted
        }
        if params.hasMalformedMeta { throw .malformedParams(name: "_meta", expected: "an object") }
        switch envelope.method {
        case .initialize:
            let decision = access.initialize.decision(for: caller.rights)
            guard decision == .allowed else { return .refuse(decision) }
            return try initialize(params, body, id: id, into: &buffer)
        case .ping:
            let decision = access.ping.decision(for: caller.rights)
            guard decision == .allowed else { return .refuse(decision) }
            ResponseWriting.beginResult(id: body.extracting(id), into: &buffer)
            buffer.append("{}")
            ResponseWriting.endResult(into: &buffer)
            return .respond(statusCode: 200)
        case .toolsList:
            return try listTools(params, body, id: id, version: version, caller, into: &buffer)
        case .toolsCall:
            return try callTool(params, body, id: id, version: version, caller, into: &buffer)
        default:
            throw .unknownMethod(name: envelope.quotedMethodName(in: body))
        }
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
        ResponseWriting.beginResult(id: body.extracting(id), into: &buffer)
        var writer = JSONWriter(ResponseWriting.take(&buffer))
        writer.beginObject()
        writer.name("protocolVersion")
        writer.string(version.rawValue)
        writer.name("capabilities")
        Self.encodeCapabilities(into: &writer)
        writer.name("serverInfo")
        description.encodeImplementation(into: &writer, for: version)
        if let instructions = description.instructions {
            writer.name("instructions")
            writer.string(instructions)
        }
        writer.endObject()
        buffer = writer.finish()
        ResponseWriting.endResult(into: &buffer)
        return .beginSession(version: version)
    }
}
