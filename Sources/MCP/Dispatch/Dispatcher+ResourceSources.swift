internal import AccessControl
internal import Bytes
internal import JSON

/// `resources/list` of a server that finds resources when they are asked for.
extension Dispatcher {
    func listResources(
        _ params: RequestParams,
        _ body: Span<UInt8>,
        _ request: CallRequest,
        _ caller: Principal,
        into buffer: inout ByteBuffer
    ) throws(RPCError) -> Dispatch {
        let decision = access.listResources.decision(for: caller.rights)
        guard decision == .allowed else { return .refuse(decision) }
        let entries = encodedFeatures[request.version].resources
        let sources = access.resourceSources.indices.filter {
            access.resourceSources[$0].decision(for: caller.rights) == .allowed
        }
        var start = ResourceCursor.fixed(0)
        if let member = params.cursor {
            let text = try member.string(in: body, called: "cursor")
            guard let cursor = ResourceCursor(text, count: entries.count, sources: sources) else {
                throw .unknownCursor
            }
            start = cursor
        }
        var shown: [RawJSON] = []
        var next: ResourceCursor?
        if case .fixed(let first) = start {
            for index in first..<entries.count
            where access.resources[index].canBeMet(by: caller.rights) {
                guard shown.count < pageCountMax else {
                    next = .fixed(index)
                    break
                }
                shown.append(entries[index])
            }
        }
        let listing = ResourceListing(
            shown: shown,
            from: start,
            of: sources,
            room: pageCountMax - shown.count
        )
        let call = try call(.resourceList(listing), request, params, body, caller)
        guard next == nil, !listing.sources.isEmpty else {
            let page = ListedResources(entries: shown, next: next)
            return .respond(statusCode: call.encode(.resourceList(page), into: &buffer))
        }
        return .call(call)
    }
}

/// Where a page of resources begins.
enum ResourceCursor: Hashable, Sendable {
    /// At one of the fixed resources.
    case fixed(Int)
    /// In a source: at its beginning, or where it said that it goes on.
    case source(Int, after: String?)

    private static let byteCountMax = 2_048
    private static let sourcePrefix = "source:"

    /// - Returns: `nil` if this is no cursor of a list with `count` fixed resources and these
    ///   sources.
    init?(_ text: String, count: Int, sources: [Int]) {
        if let fixed = ListCursor(text, of: .resourcesList, count: count) {
            self = .fixed(fixed.start)
            return
        }
        guard text.utf8.count <= Self.byteCountMax else { return nil }
        var bytes = ByteBuffer()
        guard Base64URL.decode(ByteBuffer(text).span, into: &bytes),
            let plain = String(validating: bytes.span), plain.hasPrefix(Self.sourcePrefix)
        else { return nil }
        let parts = plain.dropFirst(Self.sourcePrefix.count)
            .split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let index = Int(parts[0]), sources.contains(index) else { return nil }
        self = .source(index, after: parts.count > 1 ? String(parts[1]) : nil)
    }

    var text: String {
        switch self {
        case .fixed(let start):
            return ListCursor(start: start).text(of: .resourcesList)
        case .source(let index, let after):
            var text = ByteBuffer()
            let plain = "\(Self.sourcePrefix)\(index)\(after.map { ":\($0)" } ?? "")"
            Base64URL.encode(ByteBuffer(plain).span, into: &text)
            return String(decoding: text.bytes, as: UTF8.self)
        }
    }
}

/// A page of resources to which sources contribute.
struct ResourceListing: Sendable {
    /// The fixed resources on the page.
    let shown: [RawJSON]

    /// The sources that the caller may use, from that on with which the page goes on.
    let sources: [Int]

    /// Where the first of them goes on.
    let after: String?

    /// How many resources there is room for.
    let room: Int

    init(shown: [RawJSON], from start: ResourceCursor, of sources: [Int], room: Int) {
        self.shown = shown
        self.room = room
        switch start {
        case .fixed:
            self.sources = sources
            after = nil
        case .source(let first, let after):
            self.sources = sources.filter { $0 >= first }
            self.after = after
        }
    }

    /// Asks the sources.
    func page(
        _ registry: FeatureRegistry,
        _ context: RequestContext
    ) async throws(RequestFailure) -> ListedResources {
        var entries = shown
        var room = room
        var after = after
        for index in sources {
            guard room > 0 else {
                return ListedResources(entries: entries, next: .source(index, after: nil))
            }
            let page = try await registry.features.resourceSources[index].list(
                after,
                room,
                context
            )
            after = nil
            guard page.resources.count <= room else {
                throw .failed(reason: "a source of resources gave more than it was asked for")
            }
            entries += page.resources.map { $0.encoded(for: context.protocolVersion) }
            room -= page.resources.count
            guard let next = page.next else { continue }
            guard next.utf8.count <= ResourceSource.nextByteCountMax else {
                throw .failed(reason: "a source of resources goes on at too long a text")
            }
            return ListedResources(entries: entries, next: .source(index, after: next))
        }
        return ListedResources(entries: entries, next: nil)
    }
}

/// A page of resources as a client is shown it.
public struct ListedResources: Sendable {
    let entries: [RawJSON]
    let next: ResourceCursor?
}
