internal import AccessControl
internal import Bytes
internal import JSON

/// The lists of what there is, each showing a caller what it may use.
extension Dispatcher {
    /// The answer to one of the four list methods.
    func list(
        _ method: Method,
        _ params: RequestParams,
        _ body: Span<UInt8>,
        id: Range<Int>,
        version: ProtocolVersion,
        _ caller: Principal,
        into buffer: inout ByteBuffer
    ) throws(RPCError) -> Dispatch {
        let decision = requirement(ofList: method).decision(for: caller.rights)
        guard decision == .allowed else { return .refuse(decision) }
        let entries = entries(ofList: method, for: version)
        let requirements = requirements(ofList: method)
        var start = 0
        if let member = params.cursor {
            let text = try member.string(in: body, called: "cursor")
            guard let cursor = ListCursor(text, of: method, count: entries.count) else {
                throw .unknownCursor
            }
            start = cursor.start
        }
        ResponseWriting.beginResult(id: body.extracting(id), into: &buffer)
        var writer = JSONWriter(ResponseWriting.take(&buffer))
        writer.beginObject()
        writer.name(Self.memberName(ofList: method))
        writer.beginArray()
        var shownCount = 0
        var next: Int?
        for index in start..<entries.count
        where requirements[index].canBeMet(by: caller.rights) {
            guard shownCount < pageCountMax else {
                next = index
                break
            }
            shownCount += 1
            let entry = entries[index]
            writer.raw(entry.span)
        }
        writer.endArray()
        if let next {
            writer.name("nextCursor")
            writer.string(ListCursor(start: next).text(of: method))
        }
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

    private func requirement(ofList method: Method) -> Requirement {
        switch method {
        case .toolsList: access.listTools
        case .resourcesList: access.listResources
        case .resourceTemplatesList: access.listTemplates
        default: access.listPrompts
        }
    }

    private func requirements(ofList method: Method) -> [Requirement] {
        switch method {
        case .toolsList: access.tools
        case .resourcesList: access.resources
        case .resourceTemplatesList: access.templates
        default: access.prompts
        }
    }

    private func entries(ofList method: Method, for version: ProtocolVersion) -> [RawJSON] {
        let lists = encodedFeatures[version]
        return switch method {
        case .toolsList: lists.tools
        case .resourcesList: lists.resources
        case .resourceTemplatesList: lists.templates
        default: lists.prompts
        }
    }

    private static func memberName(ofList method: Method) -> String {
        switch method {
        case .toolsList: "tools"
        case .resourcesList: "resources"
        case .resourceTemplatesList: "resourceTemplates"
        default: "prompts"
        }
    }
}

/// Every feature as the lists describe it, encoded once for each way of describing it.
struct EncodedFeatures: Sendable {
    struct Lists: Sendable {
        let tools: [RawJSON]
        let resources: [RawJSON]
        let templates: [RawJSON]
        let prompts: [RawJSON]

        init(_ features: ServerFeatures, for version: ProtocolVersion) {
            tools = features.tools.map { $0.encoded(for: version) }
            resources = features.resources.map { $0.description.encoded(for: version) }
            templates = features.resourceTemplates.map { $0.encoded(for: version) }
            prompts = features.prompts.map { $0.encoded(for: version) }
        }
    }

    // 2025-11-25 and 2026-07-28 describe features alike.
    private let newest: Lists
    private let withoutIcons: Lists
    private let oldest: Lists

    init(_ features: ServerFeatures) {
        newest = Lists(features, for: .v2026_07_28)
        withoutIcons = Lists(features, for: .v2025_06_18)
        oldest = Lists(features, for: .v2025_03_26)
    }

    subscript(version: ProtocolVersion) -> Lists {
        switch version {
        case .v2026_07_28, .v2025_11_25: newest
        case .v2025_06_18: withoutIcons
        case .v2025_03_26: oldest
        }
    }
}
