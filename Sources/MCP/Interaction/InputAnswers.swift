internal import Bytes
internal import JSON

/// What a client answered, by the keys of the requests.
///
/// Every request that was asked has an answer, and every answer is of its request's kind.
public struct InputAnswers: Sendable {
    let answers: [String: RawJSON]

    /// The answer to an elicitation.
    ///
    /// - Returns: `nil` if none was asked under this key.
    public func elicitation(_ key: String) -> ElicitationAnswer? {
        read(key) { json throws(JSONError) in try ElicitationAnswer(json) }
    }

    /// What the client's model wrote.
    ///
    /// - Returns: `nil` if nothing was asked under this key.
    public func sampling(_ key: String) -> SamplingAnswer? {
        read(key) { json throws(JSONError) in try SamplingAnswer(json) }
    }

    /// The folders that the client works in.
    ///
    /// - Returns: `nil` if they were not asked for under this key.
    public func roots(_ key: String) -> [Root]? {
        read(key) { json throws(JSONError) in try Root.list(json) }
    }

    private func read<Value>(
        _ key: String,
        _ parse: (RawJSON) throws(JSONError) -> Value?
    ) -> Value? {
        guard let json = answers[key] else { return nil }
        do throws(JSONError) {
            return try parse(json)
        } catch {
            preconditionFailure("an answer was looked at before: \(error)")
        }
    }
}

/// What a person did with a question (MCP, `ElicitResult`).
public struct ElicitationAnswer: Hashable, Sendable {
    public enum Action: String, Hashable, Sendable {
        /// The form was filled in.
        case accept
        /// The person does not want to.
        case decline
        /// The person left without choosing.
        case cancel
    }

    public let action: Action

    /// What was filled in; empty unless the action is ``Action/accept``.
    public let content: Arguments

    /// - Returns: `nil` if this is no result of an elicitation.
    init?(_ json: RawJSON) throws(JSONError) {
        var action: Action?
        var content = RawJSON(unchecked: ByteBuffer("{}"))
        var reader = JSONReader(json.span)
        guard try reader.peek() == .object else { return nil }
        try reader.beginObject()
        while let name = try reader.nextMember() {
            let kind = try reader.peek()
            if reader.equals(name, "action"), kind == .string {
                let string = try reader.readString()
                action = Action(rawValue: reader.text(of: string))
            } else if reader.equals(name, "content"), kind == .object {
                let range = try reader.skipValue()
                content = RawJSON(unchecked: ByteBuffer(copying: reader.bytes(in: range)))
            } else {
                try reader.skipValue()
            }
        }
        guard let action else { return nil }
        self.action = action
        self.content = Arguments(json: content)
    }
}

/// A folder or file that a client works in (MCP, `Root`).
public struct Root: Hashable, Sendable {
    /// A `file:` URI.
    public let uri: String
    public let name: String?

    /// - Returns: `nil` if this is no result of `roots/list`.
    static func list(_ json: RawJSON) throws(JSONError) -> [Root]? {
        var reader = JSONReader(json.span)
        guard try reader.peek() == .object else { return nil }
        var roots: [Root]?
        try reader.beginObject()
        while let name = try reader.nextMember() {
            guard reader.equals(name, "roots"), try reader.peek() == .array else {
                try reader.skipValue()
                continue
            }
            var found: [Root] = []
            try reader.beginArray()
            while try reader.nextElement() {
                guard let root = try Root(&reader) else { return nil }
                found.append(root)
            }
            roots = found
        }
        return roots
    }

    private init?(_ reader: inout JSONReader) throws(JSONError) {
        guard try reader.peek() == .object else { return nil }
        var uri: String?
        var title: String?
        try reader.beginObject()
        while let name = try reader.nextMember() {
            guard try reader.peek() == .string else {
                try reader.skipValue()
                continue
            }
            let string = try reader.readString()
            if reader.equals(name, "uri") { uri = reader.text(of: string) }
            if reader.equals(name, "name") { title = reader.text(of: string) }
        }
        guard let uri else { return nil }
        self.uri = uri
        self.name = title
    }
}
