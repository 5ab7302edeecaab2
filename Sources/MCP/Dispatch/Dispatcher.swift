public import AccessControl
public import Bytes
internal import JSON

/// Answers messages: the protocol of every revision, without a transport.
///
/// Fixed at start-up, and a class so that a decision costs one retain instead of a copy of all that it
/// could depend on. What does not suspend is answered at once into the caller's buffer; a tool call
/// is handed back, checked and ready to run.
public final class Dispatcher: Sendable {
    /// How long clients may keep what depends on nothing but the server's configuration.
    static let discoveryLifetimeMilliseconds = 3_600_000

    /// How long clients may keep a list of tools; it changes with a restart or the caller's rights.
    static let listLifetimeMilliseconds = 300_000

    let registry: FeatureRegistry
    let policy: AccessPolicy
    let description: ServerDescription
    let access: AccessTable
    let candidate: CandidatePolicy?
    let candidateAccess: AccessTable?
    let stateSeal: StateSeal

    /// Entries of a list that one page shows at most.
    let pageCountMax: Int

    // Encoded once: a list is a concatenation of these.
    let encodedFeatures: EncodedFeatures
    let serverInfo: RawJSON
    let resultMeta: RawJSON
    let discoverResult: RawJSON

    /// - Parameters:
    ///   - description: What the server says of itself.
    ///   - registry: What it offers.
    ///   - policy: Who may do what.
    ///   - candidate: A policy to compare with, if one is tried out.
    ///   - stateSeal: What keeps the state that clients carry between rounds.
    ///   - pageCountMax: Entries of a list that one page shows at most.
    /// - Throws: ``FeatureRegistryError`` if a feature requires a permission that a policy does not
    ///   know.
    /// - Precondition: A page shows at least one entry.
    public init(
        description: ServerDescription,
        registry: FeatureRegistry,
        policy: AccessPolicy,
        candidate: CandidatePolicy? = nil,
        stateSeal: StateSeal = .none,
        pageCountMax: Int = 100
    ) throws(FeatureRegistryError) {
        precondition(pageCountMax > 0, "a page shows at least one entry")
        self.description = description
        self.registry = registry
        self.policy = policy
        self.stateSeal = stateSeal
        self.pageCountMax = pageCountMax
        access = try AccessTable(policy, registry)
        self.candidate = candidate
        if let candidate {
            candidateAccess = try AccessTable(candidate.policy, registry)
        } else {
            candidateAccess = nil
        }
        encodedFeatures = EncodedFeatures(registry.features)
        serverInfo = RawJSON { description.encodeImplementation(into: &$0, for: .v2026_07_28) }
        resultMeta = Self.resultMeta(serverInfo)
        discoverResult = Self.discoverResult(description, registry.features, meta: resultMeta)
    }

    /// Answers one message.
    ///
    /// - Parameters:
    ///   - body: The message. Nothing of it is kept but what a tool call needs.
    ///   - fields: What the HTTP fields say of it.
    ///   - session: The legacy session that the request names, if it names one.
    ///   - caller: Whose token came with it.
    ///   - results: What calls were answered before; `nil` if none is answered again.
    ///   - buffer: Where a response is appended.
    /// - Returns: What the transport does now.
    public func dispatch(
        _ body: Span<UInt8>,
        fields: borrowing MirroredFields,
        session: SessionState?,
        caller: Principal,
        results: ResultCache? = nil,
        into buffer: inout ByteBuffer
    ) -> Dispatch {
        var version = assumedVersion(fields, session: session)
        let envelope: Envelope
        do throws(EnvelopeFailure) {
            envelope = try Envelope(body)
        } catch {
            if version == .v2025_03_26, error.error == .batchNotServed,
                let batch = Self.batch(body)
            {
                return batch
            }
            return respond(error.error, body, fields, error.id, version, into: &buffer)
        }
        do throws(RPCError) {
            // In either era, for two versions leave open which era it is.
            if fields.version.count > 1 {
                throw .headerMismatch(.repeated(field: MirroredFields.versionName))
            }
            if !fields.areRepeated {
                version = try spokenVersion(envelope, body, session: session)
            }
            return switch version.era {
            case .modern:
                try dispatchModern(
                    envelope,
                    body,
                    fields,
                    caller,
                    results: results,
                    into: &buffer
                )
            case .legacy:
                try dispatchLegacy(
                    envelope,
                    body,
                    fields,
                    version,
                    session: session,
                    caller,
                    results: results,
                    into: &buffer
                )
            }
        } catch {
            // Nothing but a request is answered, where no status code has to be.
            if !fields.areRepeated, envelope.id == nil { return .accepted }
            return respond(error, body, fields, envelope.id, version, into: &buffer)
        }
    }

    /// The version whose schema an error must satisfy, before the body has been understood.
    private func assumedVersion(
        _ fields: borrowing MirroredFields,
        session: SessionState?
    ) -> ProtocolVersion {
        if fields.areRepeated, fields.era == .modern { return .v2026_07_28 }
        if let session { return session.version }
        guard fields.areRepeated else { return .v2026_07_28 }
        guard fields.version.count > 0 else { return .assumedLegacy }
        return ProtocolVersion(fields.version.value.span) ?? .assumedLegacy
    }

    private func respond(
        _ error: RPCError,
        _ body: Span<UInt8>,
        _ fields: borrowing MirroredFields,
        _ id: Range<Int>?,
        _ version: ProtocolVersion,
        into buffer: inout ByteBuffer
    ) -> Dispatch {
        let era = version.era
        let statusCode = error.statusCode(in: era)
        if let id {
            ResponseWriting.encode(error, id: body.extracting(id), in: era, into: &buffer)
        } else if version.allowsErrorWithoutID || !fields.areRepeated {
            encodeWithoutID(error, version, into: &buffer)
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
    var allowsErrorWithoutID: Bool {
        switch self {
        case .v2026_07_28, .v2025_11_25: true
        case .v2025_06_18, .v2025_03_26: false
        }
    }
}

extension Dispatcher {
    private static func resultMeta(_ serverInfo: RawJSON) -> RawJSON {
        RawJSON { writer in
            writer.beginObject()
            writer.name(ListenRequest.serverInfoName)
            writer.raw(serverInfo.span)
            writer.endObject()
        }
    }

    private static func discoverResult(
        _ description: ServerDescription,
        _ features: ServerFeatures,
        meta: RawJSON
    ) -> RawJSON {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("supportedVersions")
        writer.strings(ProtocolVersion.allCases.map(\.rawValue))
        writer.name("capabilities")
        encodeCapabilities(
            of: features,
            extensions: features.hasTasks ? [ProtocolExtension.tasks] : [],
            into: &writer
        )
        writer.optional("instructions", description.instructions)
        writer.name("ttlMs")
        writer.integer(discoveryLifetimeMilliseconds)
        writer.name("cacheScope")
        writer.string("public")
        ResponseWriting.endModernResult(&writer, meta: meta)
        return RawJSON(unchecked: writer.finish())
    }

    /// What the server can do, in either era (MCP, `ServerCapabilities`).
    static func encodeCapabilities(
        of features: ServerFeatures,
        extensions: [String] = [],
        into writer: inout JSONWriter
    ) {
        writer.beginObject()
        if !features.tools.isEmpty {
            writer.capability("tools", listChanged: features.changingLists.contains(.tools))
        }
        if features.hasResources {
            writer.name("resources")
            writer.beginObject()
            writer.name("subscribe")
            writer.bool(true)
            if features.changingLists.contains(.resources) {
                writer.name("listChanged")
                writer.bool(true)
            }
            writer.endObject()
        }
        if !features.prompts.isEmpty {
            writer.capability("prompts", listChanged: features.changingLists.contains(.prompts))
        }
        if features.hasCompletions { writer.capability("completions") }
        writer.capability("logging")
        if !features.extensions.isEmpty || !extensions.isEmpty {
            // The schemas of the legacy era do not know the member and let it be; hosts of MCP Apps
            // negotiate there too.
            writer.name("extensions")
            writer.beginObject()
            for supported in features.extensions {
                writer.name(supported.name)
                writer.raw(supported.settings.span)
            }
            for name in extensions { writer.capability(name) }
            writer.endObject()
        }
        writer.endObject()
    }
}

extension ServerFeatures {
    fileprivate var hasResources: Bool {
        !resources.isEmpty || !resourceTemplates.isEmpty || !resourceSources.isEmpty
    }

    fileprivate var hasCompletions: Bool {
        resourceTemplates.contains { !$0.completions.isEmpty }
            || prompts.contains { $0.arguments.contains { $0.completion != nil } }
    }
}

extension JSONWriter {
    fileprivate mutating func capability(_ name: String, listChanged: Bool = false) {
        self.name(name)
        beginObject()
        if listChanged {
            self.name("listChanged")
            bool(true)
        }
        endObject()
    }
}
