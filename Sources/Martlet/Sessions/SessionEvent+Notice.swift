internal import Bytes
internal import JSON
internal import MCP

// What happens to a session in the words of a `SessionNotice`. Processes of different releases read
// them: a word never changes its meaning, and one that is not known is passed over.
extension SessionEvent {
    private enum Word: String {
        case ended
        case logLevel = "log-level"
        case subscribed
        case unsubscribed
        case answered
        case refused
        case cancelled
        case resumed
        case takenOver = "taken-over"
        case continued
    }

    /// The event as other processes are told it.
    var notice: SessionNotice {
        switch self {
        case .ended(let session):
            Self.notice(session, topic: "end", .ended)
        case .changed(let session, .logLevel(let level)):
            Self.notice(session, topic: "log-level", .logLevel, level.rawValue)
        case .changed(let session, .subscribe(let uri)):
            Self.notice(session, topic: Self.topic(of: uri), .subscribed, uri)
        case .changed(let session, .unsubscribe(let uri)):
            Self.notice(session, topic: Self.topic(of: uri), .unsubscribed, uri)
        case .answered(let session, let response):
            if let result = response.result {
                Self.notice(session, .answered, response.id, result.description)
            } else {
                Self.notice(session, .refused, response.id, "")
            }
        case .cancelled(let session, let request):
            Self.notice(session, .cancelled, request, "")
        case .resumed(let session, let event, let ticket, let successor):
            if let successor {
                Self.notice(session, .takenOver, "\(ticket) \(event.text) \(successor.text)")
            } else {
                Self.notice(session, .resumed, "\(ticket) \(event.text)")
            }
        case .continued(let session, let ticket, let part):
            Self.notice(session, .continued, "\(ticket) \(part.text)")
        }
    }

    /// - Returns: `nil` if the notice is none that this release knows.
    init?(_ notice: SessionNotice) {
        let parts = notice.content.split(
            separator: " ",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard let id = SessionID(notice.session), let word = parts.first,
            let word = Word(rawValue: String(word))
        else { return nil }
        let rest = parts.count > 1 ? String(parts[1]) : ""
        // The version and what the client can do are in the sealed id, and nothing here needs them.
        let session = LegacySession(
            id: id,
            version: .v2025_11_25,
            capabilities: [],
            expirySeconds: notice.expirySeconds
        )
        switch word {
        case .ended:
            self = .ended(session)
        case .logLevel:
            guard let level = LogLevel(rawValue: rest) else { return nil }
            self = .changed(session, .logLevel(level))
        case .subscribed:
            self = .changed(session, .subscribe(uri: rest))
        case .unsubscribed:
            self = .changed(session, .unsubscribe(uri: rest))
        case .answered:
            // No id has a line feed in it, which is escaped in a string of JSON.
            let lines = rest.split(separator: "\n", maxSplits: 1).map(String.init)
            guard lines.count == 2 else { return nil }
            let result = RawJSON(unchecked: ByteBuffer(lines[1]))
            self = .answered(id, ClientResponse(id: RequestID(json: lines[0]), result: result))
        case .refused:
            self = .answered(id, ClientResponse(id: RequestID(json: rest), result: nil))
        case .cancelled:
            self = .cancelled(id, RequestID(json: rest))
        case .resumed:
            guard let (ticket, text) = Self.ticket(rest), let event = EventID(text.utf8.span)
            else { return nil }
            self = .resumed(id, event, ticket: ticket, successor: nil)
        case .takenOver:
            guard let (ticket, text) = Self.ticket(rest) else { return nil }
            let events = text.split(separator: " ").compactMap { EventID(String($0).utf8.span) }
            guard events.count == 2 else { return nil }
            self = .resumed(id, events[0], ticket: ticket, successor: events[1])
        case .continued:
            guard let (ticket, text) = Self.ticket(rest), let part = StreamPart(text)
            else { return nil }
            self = .continued(id, ticket: ticket, part)
        }
    }

    /// The ticket that text begins with, and what follows it.
    private static func ticket(_ text: String) -> (UInt64, String)? {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let ticket = UInt64(parts[0]) else { return nil }
        return (ticket, String(parts[1]))
    }

    /// Bytes of a URI that are a topic as they are: what databases have an index for.
    private static let topicByteCountMax = 512

    /// A topic for each URI, but that very long ones may share one, if a client of its own session
    /// makes them up so (FNV-1a, <http://www.isthe.com/chongo/tech/comp/fnv/>).
    private static func topic(of uri: String) -> String {
        guard uri.utf8.count > topicByteCountMax else { return "resource \(uri)" }
        let digest = uri.utf8.reduce(14_695_981_039_346_656_037 as UInt64) { hash, byte in
            (hash ^ UInt64(byte)) &* 1_099_511_628_211
        }
        return "long resource \(uri.utf8.count) \(digest)"
    }

    private static func notice(
        _ session: LegacySession,
        topic: String,
        _ word: Word,
        _ rest: String = ""
    ) -> SessionNotice {
        SessionNotice(
            session: session.id.text,
            topic: topic,
            content: "\(word.rawValue) \(rest)",
            expirySeconds: session.expirySeconds
        )
    }

    private static func notice(
        _ session: SessionID,
        _ word: Word,
        _ request: RequestID,
        _ rest: String
    ) -> SessionNotice {
        let id = RawJSON(unchecked: request.json).description
        return notice(session, word, rest.isEmpty ? id : "\(id)\n\(rest)")
    }

    /// What is said once.
    private static func notice(
        _ session: SessionID,
        _ word: Word,
        _ rest: String
    ) -> SessionNotice {
        SessionNotice(
            session: session.text,
            topic: nil,
            content: "\(word.rawValue) \(rest)",
            expirySeconds: 0
        )
    }
}

extension StreamPart {
    private enum Word: String {
        case found
        case message
        case tools
        case prompts
        case resources
        case resource
        case end
        case moved
        case missing
    }

    fileprivate var text: String {
        switch content {
        case .found: "\(index) \(Word.found)"
        case .message(let sequence, let message):
            "\(index) \(Word.message) \(sequence) \(RawJSON(unchecked: message).description)"
        case .change(.toolList): "\(index) \(Word.tools)"
        case .change(.promptList): "\(index) \(Word.prompts)"
        case .change(.resourceList): "\(index) \(Word.resources)"
        case .change(.resource(let uri)): "\(index) \(Word.resource) \(uri)"
        // Sessions do not listen to tasks.
        case .change(.task): "\(index) \(Word.found)"
        case .end: "\(index) \(Word.end)"
        case .moved(let event): "\(index) \(Word.moved) \(event.text)"
        case .missing: "\(index) \(Word.missing)"
        }
    }

    /// - Returns: `nil` if the text is none that this release knows.
    fileprivate init?(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, let index = Int(parts[0]),
            let word = Word(rawValue: String(parts[1]))
        else { return nil }
        let rest = parts.count > 2 ? parts[2] : ""
        let content: Content
        switch word {
        case .found: content = .found
        case .message:
            let words = rest.split(separator: " ", maxSplits: 1)
            guard words.count == 2, let sequence = Int(words[0]) else { return nil }
            content = .message(sequence: sequence, ByteBuffer(String(words[1])))
        case .tools: content = .change(.toolList)
        case .prompts: content = .change(.promptList)
        case .resources: content = .change(.resourceList)
        case .resource: content = .change(.resource(uri: String(rest)))
        case .end: content = .end
        case .moved:
            guard let event = EventID(String(rest).utf8.span) else { return nil }
            content = .moved(event)
        case .missing: content = .missing
        }
        self.init(index: index, content: content)
    }
}

extension SessionID {
    /// 32 hexadecimal digits.
    fileprivate var text: String {
        [high, low].map { number in
            let digits = String(number, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    fileprivate init?(_ text: String) {
        guard text.utf8.count == 32, let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }
}
