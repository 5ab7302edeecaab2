internal import Bytes
public import JSON

/// What the client's model shall write (MCP, `CreateMessageRequestParams`).
public struct SamplingRequest: Sendable {
    public var messages: [PromptResult.Message]
    public var tokenCountMax: Int
    public var systemPrompt: String?
    public var temperature: Double?
    public var stopSequences: [String] = []

    /// Names of models that would suit, the best first; the client decides.
    public var modelHints: [String] = []

    public init(_ messages: [PromptResult.Message], tokenCountMax: Int) {
        self.messages = messages
        self.tokenCountMax = tokenCountMax
    }

    /// One message of the user's.
    public init(_ text: String, tokenCountMax: Int) {
        self.init([.init(.user, .text(text))], tokenCountMax: tokenCountMax)
    }

    func encode(into writer: inout JSONWriter, for version: ProtocolVersion) {
        writer.beginObject()
        writer.name("messages")
        writer.beginArray()
        for message in messages { message.encode(into: &writer, for: version) }
        writer.endArray()
        writer.name("maxTokens")
        writer.integer(tokenCountMax)
        writer.optional("systemPrompt", systemPrompt)
        if let temperature {
            writer.name("temperature")
            writer.double(temperature)
        }
        if !stopSequences.isEmpty {
            writer.name("stopSequences")
            writer.strings(stopSequences)
        }
        if !modelHints.isEmpty {
            writer.name("modelPreferences")
            writer.beginObject()
            writer.name("hints")
            writer.beginArray()
            for hint in modelHints {
                writer.beginObject()
                writer.name("name")
                writer.string(hint)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
        writer.endObject()
    }
}

extension PromptResult.Message {
    func encode(into writer: inout JSONWriter, for version: ProtocolVersion) {
        writer.beginObject()
        writer.name("role")
        writer.string(role.rawValue)
        writer.name("content")
        content.encode(into: &writer, for: version)
        writer.endObject()
    }
}

/// What the client's model wrote (MCP, `CreateMessageResult`).
public struct SamplingAnswer: Hashable, Sendable {
    /// Which model it was.
    public let model: String

    /// Its text; empty if it answered with something else.
    public let text: String
    public let stopReason: String?

    /// The whole result.
    public let json: RawJSON

    /// - Returns: `nil` if this is no result of a sampling request.
    init?(_ json: RawJSON) throws(JSONError) {
        var model: String?
        var text: String?
        var stopReason: String?
        var reader = JSONReader(json.span)
        guard try reader.peek() == .object else { return nil }
        try reader.beginObject()
        while let name = try reader.nextMember() {
            let kind = try reader.peek()
            if reader.equals(name, "content") {
                text = try Self.text(&reader)
            } else if kind == .string {
                let string = try reader.readString()
                if reader.equals(name, "model") { model = reader.text(of: string) }
                if reader.equals(name, "stopReason") { stopReason = reader.text(of: string) }
            } else {
                try reader.skipValue()
            }
        }
        guard let model, let text else { return nil }
        self.model = model
        self.text = text
        self.stopReason = stopReason
        self.json = json
    }

    /// The text of one block or of several; `nil` if this is neither.
    private static func text(_ reader: inout JSONReader) throws(JSONError) -> String? {
        switch try reader.peek() {
        case .object:
            return try blockText(&reader)
        case .array:
            var text = ""
            try reader.beginArray()
            while try reader.nextElement() {
                guard try reader.peek() == .object else { return nil }
                text += try blockText(&reader)
            }
            return text
        default:
            try reader.skipValue()
            return nil
        }
    }

    private static func blockText(_ reader: inout JSONReader) throws(JSONError) -> String {
        var text = ""
        try reader.beginObject()
        while let name = try reader.nextMember() {
            if reader.equals(name, "text"), try reader.peek() == .string {
                let string = try reader.readString()
                text = reader.text(of: string)
            } else {
                try reader.skipValue()
            }
        }
        return text
    }
}
