internal import JSON

/// For whom something is, and how much it matters (MCP, `Annotations`).
public struct ContentAnnotations: Hashable, Sendable {
    public enum Audience: String, Hashable, Sendable {
        case user, assistant
    }

    public let audience: [Audience]

    /// From 0, which may be left out, to 1, which must not.
    public let priority: Double?

    /// When it changed last, in the form of ISO 8601.
    public let lastModified: String?

    /// - Precondition: `priority` is 0 to 1.
    public init(audience: [Audience] = [], priority: Double? = nil, lastModified: String? = nil) {
        precondition((0...1).contains(priority ?? 0), "a priority is 0 to 1")
        self.audience = audience
        self.priority = priority
        self.lastModified = lastModified
    }
}

extension JSONWriter {
    /// The member `annotations`.
    mutating func annotations(_ annotations: ContentAnnotations?, for version: ProtocolVersion) {
        guard let annotations else { return }
        name("annotations")
        beginObject()
        if !annotations.audience.isEmpty {
            name("audience")
            beginArray()
            for audience in annotations.audience { string(audience.rawValue) }
            endArray()
        }
        if let priority = annotations.priority {
            name("priority")
            double(priority)
        }
        // It came with 2025-06-18.
        if version.describesOutput { optional("lastModified", annotations.lastModified) }
        endObject()
    }
}
