public import AccessControl
public import Bytes
internal import JSON

/// Answers messages: the protocol of every revision, without a transport.
///
/// A value that is fixed at start-up. What does not suspend is answered at once into the caller's
/// buffer; a tool call is handed back, checked and ready to run.
public struct Dispatcher: Sendable {
    /// How long clients may keep what depends on nothing but the server's configuration.
    static let discoveryLifetimeMilliseconds = 3_600_000

    /// How long clients may keep a list of tools; it changes with a restart or the caller's rights.
    static let listLifetimeMilliseconds = 300_000

    let tools: ToolRegistry
    let policy: AccessPolicy
    let description: ServerDescription
    let access: AccessTable
    let candidate: CandidatePolicy?
    let candidateAccess: AccessTable?

    // Encoded once: `tools/list` is a concatenation of these.
    private let toolJSON: [RawJSON]
    private let toolJSONBeforeOutput: [RawJSON]
    let resultMeta: RawJSON
    let discoverResult: RawJSON

    /// - Parameters:
    ///   - description: What the server says of itself.
    ///   - tools: What it offers.
    ///   - policy: Who may do what.
    ///   - candidate: A policy to compare with, if one is tried out.
    /// - Throws: ``ToolRegistryError`` if a tool requires a permission that a policy does not know.
    public init(
        description: ServerDescription,
        tools: ToolRegistry,
        policy: AccessPolicy,
        candidate: CandidatePolicy? = nil
    ) throws(ToolRegistryError) {
        self.description = description
        self.tools = tools
        self.policy = policy
        access = try AccessTable(policy, tools)
        self.candidate = candidate
        if let candidate {
            candidateAccess = try AccessTable(candidate.policy, tools)
        } else {
            candidateAccess = nil
        }
        toolJSON = tools.tools.map { $0.encoded(for: .v2026_07_28) }
        toolJSONBeforeOutput = tools.tools.map { $0.encoded(for: .v2025_03_26) }
        resultMeta = Self.resultMeta(description)
        discoverResult = Self.discoverResult(description, meta: resultMeta)
    }

    /// Answers one message.
    ///
    /// - Parameters:
    ///   - body: The message. Nothing of it is kept but what a tool call needs.
    ///   - fields: What the HTTP fields say of it.
    ///   - session: The version of the legacy session that the request names, if it names one.
    ///   - caller: Whose token came with it.
    ///   - buffer: Where a response is appended.
    /// - Returns: What the transport does now.
    public func dispatch(
        _ body: Span<UInt8>,
        fields: borrowing MirroredFields,
        session: ProtocolVersion?,
        caller: Principal,
        into buffer: inout ByteBuffer
    ) -> Dispatch {
        let version = assumedVersion(fields, session: session)
        let envelope: Envelope
        do throws(EnvelopeFailure) {
            envelope = try Envelope(body)
        } catch {
            return respond(error.error, body, id: error.id, version: version, into: &buffer)
        }
        do throws(RPCError) {
            // In either era, for two versions leave open which era it is.
            if fields.version.count > 1 {
                throw .headerMismatch(.repeated(field: MirroredFields.versionName))
            }
            return switch version.era {
            case .modern:
                try dispatchModern(envelope, body, fields, caller, into: &buffer)
            case .legacy:
                try dispatchLegacy(
                    envelope,
                    body,
                    fields,
                    version,
                    session: session,
                    caller,
                    into: &buffer
                )
            }
        } catch {
            return respond(error, body, id: envelope.id, version: version, into: &buffer)
        }
    }

    /// The version whose schema an error must satisfy, before the body has been understood.
    private func assumedVersion(
        _ fields: borrowing MirroredFields,
        session: ProtocolVersion?
    ) -> ProtocolVersion {
        if fields.era == .modern { return .v2026_07_28 }
        if let session { return session }
        guard fields.version.count > 0 else { return .assumedLegacy }
        return ProtocolVersion(fields.version.value.span) ?? .assumedLegacy
    }

    private func respond(
        _ error: RPCError,
        _ body: Span<UInt8>,
        id: Range<Int>?,
        version: ProtocolVersion,
        into buffer: inout ByteBuffer
    ) -> Dispatch {
        let statusCode = error.statusCode(in: version.era)
        if let id {
            ResponseWriting.encode(error, id: body.extracting(id), into: &buffer)
        } else if version.allowsErrorWithoutID {
            ResponseWriting.encode(error, id: nil, into: &buffer)
        } else {
            // Up to 2025-06-18 the schema of an error demands an id, and `null` is none.
            buffer.append(error.description)
            buffer.append(ASCII.lineFeed)
            return .respondInPlainText(statusCode: statusCode)
        }
        return .respond(statusCode: statusCode)
    }
}

extension ProtocolVersion {
    fileprivate var allowsErrorWithoutID: Bool {
        switch self {
        case .v2026_07_28, .v2025_11_25: true
        case .v2025_06_18, .v2025_03_26: false
        }
    }
}

extension Dispatcher {
    /// Appends `[…]` with the tools that `rights` allow to call with some arguments or any, in the
    /// order of registration.
    func encodeTools(for rights: Rights, version: ProtocolVersion, into writer: inout JSONWriter) {
        let encoded = version.describesOutput ? toolJSON : toolJSONBeforeOutput
        writer.beginArray()
        for index in tools.tools.indices
        where access.tools[index].canBeMet(by: rights) {
            let tool = encoded[index]
            writer.raw(tool.span)
        }
        writer.endArray()
    }

    private static func resultMeta(_ description: ServerDescription) -> RawJSON {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("io.modelcontextprotocol/serverInfo")
        description.encodeImplementation(into: &writer, for: .v2026_07_28)
        writer.endObject()
        return RawJSON(unchecked: writer.finish())
    }

    private static func discoverResult(_ description: ServerDescription, meta: RawJSON) -> RawJSON {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("supportedVersions")
        writer.beginArray()
        for version in ProtocolVersion.allCases { writer.string(version.rawValue) }
        writer.endArray()
        writer.name("capabilities")
        encodeCapabilities(into: &writer)
        if let instructions = description.instructions {
            writer.name("instructions")
            writer.string(instructions)
        }
        writer.name("ttlMs")
        writer.integer(discoveryLifetimeMilliseconds)
        writer.name("cacheScope")
        writer.string("public")
        ResponseWriting.endModernResult(&writer, meta: meta)
        return RawJSON(unchecked: writer.finish())
    }

    /// What the server can do, in either era: tools, whose list does not change while it runs.
    static func encodeCapabilities(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("tools")
        writer.beginObject()
        writer.endObject()
        writer.endObject()
    }
}
