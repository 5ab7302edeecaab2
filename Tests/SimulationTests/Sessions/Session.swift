/// A session of the legacy protocol, as its client knows it.
final class Session {
    static let version = "2025-11-25"
    static let lifetimeSeconds: Int64 = 86_400

    let id: String
    private let expirySeconds: Int64

    /// Whether its client has said that it is ready.
    var isInitialized = false

    /// Whether its client has asked for its end, and whether it has been told that it has ended.
    var isEnding = false
    var hasEnded = false

    /// Whether the server has seen a time at which it was over: then nobody knows what it remembers.
    private(set) var hasExpired = false

    var subscription = Subscription()
    var listening = Listening.nowhere
    var news = SessionNews()

    /// Requests for its stream of which it is not known what became.
    var attempts: [StreamAttempt] = []

    /// Of the last event that was seen.
    var lastEventID: String?

    /// What was told, by the ids of the events.
    private var seen: [String: String] = [:]

    init(_ id: String, atSeconds now: Int64) {
        self.id = id
        expirySeconds = now + Self.lifetimeSeconds
    }

    func isExpired(atSeconds now: Int64) -> Bool {
        if now >= expirySeconds { hasExpired = true }
        return now >= expirySeconds
    }

    /// Takes note of an event.
    ///
    /// - Throws: ``Violation`` if it has no id, or that of another event.
    func see(_ event: StreamEvent, of request: String) throws(Violation) {
        guard let id = event.id else { throw Violation("\(request): an event has no id") }
        let before = seen.updateValue(event.data, forKey: id)
        try demand(before == nil, "\(request): \(id) was told before, as \(before ?? "")")
    }
}
