import ProtocolTestSupport

/// A response as it came.
struct ReceivedResponse {
    let status: Int
    let fields: [Message.Field]
    var text = ""

    /// The value of the first field of this name.
    subscript(name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    var endsConnection: Bool { self["Connection"]?.lowercased() == "close" }
    var isStream: Bool { self["Content-Type"] == "text/event-stream" }
}

/// Takes the responses of a connection out of its bytes, however they are cut.
struct ResponseReader {
    enum Output {
        case response(ReceivedResponse)
        /// A response that goes on has begun.
        case stream(ReceivedResponse)
        /// An event of it, or a comment, which is empty.
        case event(String)
        case streamEnd
    }

    private enum State {
        case head
        case content(ReceivedResponse, byteCount: Int)
        case chunk
    }

    private var state = State.head
    private var bytes: [UInt8] = []

    /// Of a stream, what is no whole event yet.
    private var text = ""

    mutating func append(_ received: [UInt8]) {
        bytes += received
    }

    /// Whether something has been received of a response that is not complete.
    var isInside: Bool {
        if case .head = state { return !bytes.isEmpty }
        return true
    }

    /// The next whole thing; `nil` if there is none yet.
    mutating func next() throws -> Output? {
        switch state {
        case .head: try takeHead()
        case .content(let response, let byteCount): takeContent(of: response, byteCount)
        case .chunk: try takeEvent()
        }
    }

    private mutating func takeHead() throws -> Output? {
        guard let head = take(through: "\r\n\r\n") else { return nil }
        let lines = head.split(separator: "\r\n").map(String.init)
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw Violation("no response: \(head)")
        }
        // 100 (Continue) is no answer.
        guard status >= 200 else { return try next() }
        let fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return Message.Field(
                name: String(parts[0]),
                value: parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
            )
        }
        let response = ReceivedResponse(status: status, fields: fields)
        if response["Transfer-Encoding"] == "chunked" {
            state = .chunk
            return .stream(response)
        }
        state = .content(response, byteCount: Int(response["Content-Length"] ?? "0") ?? 0)
        return try next()
    }

    private mutating func takeContent(
        of response: ReceivedResponse,
        _ byteCount: Int
    ) -> Output? {
        guard bytes.count >= byteCount else { return nil }
        var response = response
        response.text = String(decoding: bytes.prefix(byteCount), as: UTF8.self)
        bytes.removeFirst(byteCount)
        state = .head
        return .response(response)
    }

    private mutating func takeEvent() throws -> Output? {
        while true {
            if let end = text.firstRange(of: "\n\n") {
                let event = String(text[..<end.lowerBound])
                text.removeSubrange(..<end.upperBound)
                return .event(event)
            }
            guard let size = peekLine() else { return nil }
            guard let count = Int(size, radix: 16) else { throw Violation("no chunk: \(size)") }
            let start = size.utf8.count + 2
            guard bytes.count >= start + count + 2 else { return nil }
            text += String(decoding: bytes[start..<(start + count)], as: UTF8.self)
            bytes.removeFirst(start + count + 2)
            if count == 0 {
                state = .head
                guard text.isEmpty else { throw Violation("half an event: \(text)") }
                return .streamEnd
            }
        }
    }

    private mutating func take(through mark: String) -> String? {
        guard let end = bytes.firstRange(of: Array(mark.utf8)) else { return nil }
        let text = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        bytes.removeFirst(end.upperBound)
        return text
    }

    private func peekLine() -> String? {
        bytes.firstRange(of: [0x0D, 0x0A]).map {
            String(decoding: bytes[..<$0.lowerBound], as: UTF8.self)
        }
    }
}
