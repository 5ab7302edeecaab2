import Bytes
import JSON

/// What the body of a response says.
public struct Answer: Hashable, Sendable {
    /// The id of the to-do that was added, where one was.
    public private(set) var todoID: Int?

    /// What results of a method must have.
    public enum Shape: Hashable, Sendable {
        case anything
        case tools
        /// The content of a tool's result (MCP, "Tools", *Calling Tools*).
        case content
    }

    /// Looks whether a body answers a request, and with what was asked for.
    ///
    /// - Parameters:
    ///   - body: JSON, or an event stream one of whose events is the answer.
    ///   - isEventStream: Which of them it is.
    ///   - id: Of the request.
    ///   - shape: What the result must have.
    /// - Throws: ``FailureKind`` that says what is wrong with the answer.
    public init(
        _ body: Span<UInt8>,
        isEventStream: Bool,
        id: Int,
        shape: Shape
    ) throws(FailureKind) {
        guard isEventStream else {
            try self.init(json: body, id: id, shape: shape)
            return
        }
        // Whatever was said before the answer has no id or is a request of the server's own.
        for event in Self.events(in: body) where Self.isResponse(event.span) {
            try self.init(json: event.span, id: id, shape: shape)
            return
        }
        throw .notJSONRPC
    }

    private init(json: Span<UInt8>, id: Int, shape: Shape) throws(FailureKind) {
        var reader = JSONReader(json)
        var idFound: Int?
        var errorCode: Int?
        var isResult = false
        var isVersionRight = false
        var result = ResultMembers()
        do {
            try reader.beginObject()
            while let name = try reader.nextMember() {
                if reader.equals(name, "jsonrpc") {
                    let version = try reader.readString()
                    isVersionRight = reader.equals(version, "2.0")
                } else if reader.equals(name, "id") {
                    idFound = try Self.integer(from: &reader)
                } else if reader.equals(name, "result") {
                    isResult = true
                    result = try ResultMembers(from: &reader)
                } else if reader.equals(name, "error") {
                    errorCode = try Self.errorCode(from: &reader)
                }
            }
            try reader.finish()
        } catch {
            throw .notJSONRPC
        }
        guard isVersionRight, isResult != (errorCode != nil) else { throw .notJSONRPC }
        if let errorCode { throw .rpcError(code: errorCode) }
        guard idFound == id else { throw .wrongID }
        if result.isError { throw .toolError }
        switch shape {
        case .anything: break
        case .tools: guard result.hasTools else { throw .incompleteResult }
        case .content: guard result.hasContent else { throw .incompleteResult }
        }
        todoID = result.todoID
    }

    /// The integer that is due, or `nil` if something else is.
    private static func integer(from reader: inout JSONReader) throws(JSONError) -> Int? {
        guard try reader.peek() == .number else {
            try reader.skipValue()
            return nil
        }
        let number = try reader.readNumber()
        return reader.integer(of: number)
    }

    private static func errorCode(from reader: inout JSONReader) throws(JSONError) -> Int {
        var code = 0
        try reader.beginObject()
        while let name = try reader.nextMember() {
            if reader.equals(name, "code") { code = try integer(from: &reader) ?? 0 }
        }
        return code
    }

    private static func isResponse(_ json: Span<UInt8>) -> Bool {
        var reader = JSONReader(json)
        do {
            try reader.beginObject()
            while let name = try reader.nextMember() {
                if reader.equals(name, "method") { return false }
            }
            return true
        } catch {
            // Taken for the answer, which it then is not.
            return true
        }
    }

    /// The data of the events of a stream (WHATWG HTML §9.2.6).
    private static func events(in stream: Span<UInt8>) -> [ByteBuffer] {
        var events: [ByteBuffer] = []
        var data = ByteBuffer()
        var start = 0
        while start < stream.count {
            var end = start
            while end < stream.count, stream[end] != ASCII.lineFeed { end += 1 }
            var line = start..<end
            start = end + 1
            if line.last.map({ stream[$0] == ASCII.carriageReturn }) == true {
                line = line.dropLast()
            }
            if line.isEmpty {
                if !data.isEmpty { events.append(data) }
                data = ByteBuffer()
            } else if stream.extracting(line).extracting(first: 5).equals("data:") {
                data.append(stream.extracting(line.dropFirst(5)))
            }
        }
        return events
    }
}

/// What of a result is looked at.
private struct ResultMembers {
    var isError = false
    var hasTools = false
    var hasContent = false
    var todoID: Int?

    init() {}

    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let name = try reader.nextMember() {
            if reader.equals(name, "isError") {
                isError = try reader.readBool()
            } else if reader.equals(name, "tools") {
                hasTools = try reader.peek() == .array
            } else if reader.equals(name, "content") {
                hasContent = try reader.peek() == .array
            } else if reader.equals(name, "structuredContent"), try reader.peek() == .object {
                todoID = try Self.todoID(from: &reader)
            }
        }
    }

    /// The `id` of the object that is due, or of the object in its member `todo`.
    private static func todoID(from reader: inout JSONReader) throws(JSONError) -> Int? {
        var id: Int?
        try reader.beginObject()
        while let name = try reader.nextMember() {
            if reader.equals(name, "id"), try reader.peek() == .number {
                let number = try reader.readNumber()
                id = reader.integer(of: number)
            } else if reader.equals(name, "todo"), try reader.peek() == .object {
                id = try todoID(from: &reader)
            }
        }
        return id
    }
}
