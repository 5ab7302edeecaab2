internal import JSON

/// A picture that hosts may show beside a name (MCP 2025-11-25, `Icon`).
public struct Icon: Hashable, Sendable {
    /// For which kind of background the picture is made.
    public enum Theme: String, Hashable, Sendable {
        case light, dark
    }

    /// An `https:` or `data:` URI.
    public let source: String
    public let mimeType: String?

    /// Widths and heights, such as `48x48`, or `any`.
    public let sizes: [String]
    public let theme: Theme?

    public init(
        _ source: String,
        mimeType: String? = nil,
        sizes: [String] = [],
        theme: Theme? = nil
    ) {
        self.source = source
        self.mimeType = mimeType
        self.sizes = sizes
        self.theme = theme
    }
}

extension JSONWriter {
    /// The member `icons`, for clients that know of it.
    mutating func icons(_ icons: [Icon], for version: ProtocolVersion) {
        guard !icons.isEmpty, version.describesIcons else { return }
        name("icons")
        beginArray()
        for icon in icons {
            beginObject()
            name("src")
            string(icon.source)
            optional("mimeType", icon.mimeType)
            if !icon.sizes.isEmpty {
                name("sizes")
                beginArray()
                for size in icon.sizes { string(size) }
                endArray()
            }
            optional("theme", icon.theme?.rawValue)
            endObject()
        }
        endArray()
    }

    /// A member with a string, if there is one.
    mutating func optional(_ name: String, _ value: String?) {
        guard let value else { return }
        self.name(name)
        string(value)
    }

    /// The member `_meta`, for clients that know of it there.
    mutating func meta(_ meta: RawJSON?, for version: ProtocolVersion) {
        guard let meta, version.describesOutput else { return }
        name("_meta")
        raw(meta.span)
    }
}

extension ProtocolVersion {
    /// Icons came with 2025-11-25.
    var describesIcons: Bool {
        switch self {
        case .v2026_07_28, .v2025_11_25: true
        case .v2025_06_18, .v2025_03_26: false
        }
    }
}
