package import JSON

/// What a client can be asked for, as far as a server's decisions depend on it (MCP,
/// `ClientCapabilities`).
public struct ClientCapabilities: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The client lets the server use its model.
    public static let sampling = ClientCapabilities(rawValue: 1 << 0)

    /// The client lets the model that the server uses call tools.
    public static let samplingTools = ClientCapabilities(rawValue: 1 << 1)

    /// The client shows its user a form of the server's.
    public static let elicitation = ClientCapabilities(rawValue: 1 << 2)

    /// The client sends its user to an address of the server's.
    public static let elicitationByURL = ClientCapabilities(rawValue: 1 << 3)

    /// The client says which folders it works in.
    public static let roots = ClientCapabilities(rawValue: 1 << 4)

    /// The client speaks the tasks extension (`io.modelcontextprotocol/tasks`).
    public static let tasks = ClientCapabilities(rawValue: 1 << 5)

    /// The client shows interactive pages (`io.modelcontextprotocol/ui`).
    public static let userInterface = ClientCapabilities(rawValue: 1 << 6)
}

/// The extensions that this server knows of.
public enum ProtocolExtension {
    public static let tasks = "io.modelcontextprotocol/tasks"
    public static let userInterface = "io.modelcontextprotocol/ui"
}

extension ClientCapabilities {
    /// Reads the object that the reader stands at; what it does not know it skips.
    package init(_ reader: inout JSONReader) throws(JSONError) {
        var found: ClientCapabilities = []
        try reader.beginObject()
        while let name = try reader.nextMember() {
            guard try reader.peek() == .object else {
                try reader.skipValue()
                continue
            }
            if reader.equals(name, "sampling") {
                found.insert(.sampling)
                if try Self.names(in: &reader).contains("tools") { found.insert(.samplingTools) }
            } else if reader.equals(name, "elicitation") {
                let modes = try Self.names(in: &reader)
                // An empty object means forms, as it did before there were modes.
                if modes.isEmpty || modes.contains("form") { found.insert(.elicitation) }
                if modes.contains("url") { found.insert(.elicitationByURL) }
            } else if reader.equals(name, "roots") {
                found.insert(.roots)
                try reader.skipValue()
            } else if reader.equals(name, "extensions") {
                let extensions = try Self.names(in: &reader)
                if extensions.contains(ProtocolExtension.tasks) { found.insert(.tasks) }
                if extensions.contains(ProtocolExtension.userInterface) {
                    found.insert(.userInterface)
                }
            } else {
                try reader.skipValue()
            }
        }
        self = found
    }

    /// Without what a revision has no requests for: elicitation came with 2025-06-18, its addresses
    /// and tools in sampling with 2025-11-25.
    func known(in version: ProtocolVersion) -> ClientCapabilities {
        switch version {
        case .v2026_07_28, .v2025_11_25: self
        case .v2025_06_18: subtracting([.elicitationByURL, .samplingTools])
        case .v2025_03_26: subtracting([.elicitation, .elicitationByURL, .samplingTools])
        }
    }

    /// The names of the members whose values are objects.
    private static func names(in reader: inout JSONReader) throws(JSONError) -> Set<String> {
        var names: Set<String> = []
        try reader.beginObject()
        while let name = try reader.nextMember() {
            let isObject = try reader.peek() == .object
            try reader.skipValue()
            if isObject { names.insert(reader.text(of: name)) }
        }
        return names
    }

    /// The capabilities as a client would declare them.
    func encode(into writer: inout JSONWriter) {
        writer.beginObject()
        if contains(.sampling) || contains(.samplingTools) {
            writer.name("sampling")
            Self.encode(contains(.samplingTools) ? ["tools"] : [], into: &writer)
        }
        if contains(.elicitation) || contains(.elicitationByURL) {
            writer.name("elicitation")
            // `{}` is the oldest spelling of forms, and every client's.
            Self.encode(contains(.elicitationByURL) ? ["url"] : [], into: &writer)
        }
        if contains(.roots) {
            writer.name("roots")
            Self.encode([], into: &writer)
        }
        if contains(.tasks) {
            writer.name("extensions")
            Self.encode([ProtocolExtension.tasks], into: &writer)
        }
        writer.endObject()
    }

    private static func encode(_ names: [String], into writer: inout JSONWriter) {
        writer.beginObject()
        for name in names {
            writer.name(name)
            writer.beginObject()
            writer.endObject()
        }
        writer.endObject()
    }
}
