import ProtocolTestSupport

/// Somebody who has a token and works on a list, on any number of connections.
final class Agent {
    /// A to-do that it has added and been told of.
    struct OwnTodo {
        let id: Int
        var title: String
    }

    let name: String
    let workspace: String
    private(set) var credentials: Credentials

    /// To-dos that nobody is changing at the moment.
    var todos: [OwnTodo] = []

    /// Writes of which nobody knows whether they were carried out, and which can be repeated.
    var retries: [Write] = []

    /// Keys under which a to-do was added, as it was told.
    var usedKeys: [String] = []

    /// Its session of the legacy protocol.
    var session: Session?

    /// The ids of its requests are its own.
    private(set) var requestCount = 0

    /// Requests that have no answer.
    var waitingCount = 0
    private var writeCount = 0

    /// What the server has let in, where that is limited.
    var share = Share()

    init(_ name: String, in workspace: String, atSeconds now: Int64) throws {
        self.name = name
        self.workspace = workspace
        credentials = try Credentials(
            of: name,
            in: workspace,
            notBeforeSeconds: now - 86_400,
            expirySeconds: now + 3_600
        )
    }

    /// Gets a token from now on, for a while.
    func renewCredentials(atSeconds now: Int64, using generator: inout SeededGenerator) throws {
        credentials = try Credentials(
            of: name,
            in: workspace,
            notBeforeSeconds: now,
            expirySeconds: now + .random(in: 1...7_200, using: &generator)
        )
    }

    func nextRequestID() -> String {
        requestCount += 1
        return "\(name)-\(requestCount)"
    }

    func nextText(_ kind: String) -> String {
        writeCount += 1
        return "\(kind)-\(name)-\(writeCount)"
    }
}

/// A session of the legacy protocol, as its client knows it.
final class Session {
    static let version = "2025-11-25"
    static let lifetimeSeconds: Int64 = 86_400

    let id: String
    private let expirySeconds: Int64

    /// Whether its client has asked for its end, and whether it has been told that it has ended.
    var isEnding = false
    var hasEnded = false

    /// Whether the server has seen a time at which it was over: then nobody knows what it remembers.
    private(set) var hasExpired = false

    init(_ id: String, atSeconds now: Int64) {
        self.id = id
        expirySeconds = now + Self.lifetimeSeconds
    }

    func isExpired(atSeconds now: Int64) -> Bool {
        if now >= expirySeconds { hasExpired = true }
        return now >= expirySeconds
    }
}
