import Todos

/// What a store was asked, has done and has said: what every client's view is held against.
///
/// The lists are kept apart from the store's own, from what each write says that it has done.
struct StoreTruth {
    /// What the store said of a write.
    enum Answer {
        case result(TodoWriteResult)
        case unavailable, failed, unconfirmed, keyReused
    }

    /// One call.
    private struct Attempt {
        let identity: WriteIdentity
        let workspace: String
        var answer: Answer?

        /// The version of its workspace that it made or found as it should be.
        var version: Int?

        /// Whether a client has been told the answer: nobody else may be.
        var isTold = false
    }

    /// A workspace, as it was after each of its changes.
    private struct History {
        /// By version.
        var lists: [[Todo]] = [[]]

        /// The last version that the store has told anybody of.
        var answeredVersion = 0

        /// Changes that it has told somebody of.
        var answeredCount = 0

        var version: Int { lists.count - 1 }
    }

    private var attempts: [Int: Attempt] = [:]
    private var numbers: [WriteIdentity: [Int]] = [:]
    private var histories: [String: History] = [:]

    /// How often a to-do of that title was added.
    private var addedCounts: [String: Int] = [:]

    /// Up to when a write under a key is not done again, and how often it could be since.
    private var keyExpiries: [WriteIdentity: Int64] = [:]
    private var lapseCounts: [WriteIdentity: Int] = [:]

    /// The latest time of day that came with a request.
    private var latestSeconds: Int64 = .min

    // What happens.

    mutating func begin(_ number: Int, _ request: TodoWriteRequest) {
        let identity = WriteIdentity(request)
        attempts[number] = Attempt(identity: identity, workspace: request.caller.workspace)
        numbers[identity, default: []].append(number)
    }

    mutating func apply(_ number: Int, _ request: TodoWriteRequest, _ result: TodoWriteResult) {
        let workspace = request.caller.workspace
        var history = histories[workspace, default: History()]
        latestSeconds = max(latestSeconds, request.now)
        if request.idempotencyKey != nil, !result.isReplay {
            let identity = WriteIdentity(request)
            if let expiry = keyExpiries[identity], latestSeconds >= expiry {
                lapseCounts[identity, default: 0] += 1
            }
            keyExpiries[identity] = request.idempotencyKeyExpiresAt
        }
        if !result.changedIDs.isEmpty {
            var list = history.lists[history.version]
            change(&list, request, result)
            history.lists.append(list)
        }
        histories[workspace] = history
        // A write that was done before is in the list since then.
        if !result.isReplay { attempts[number]?.version = history.version }
    }

    private mutating func change(
        _ list: inout [Todo],
        _ request: TodoWriteRequest,
        _ result: TodoWriteResult
    ) {
        switch (request.write, result.outcome) {
        case (.delete(let id), _):
            list.removeAll { $0.id == id }
        case (.addAll(let titles), .added(let ids)):
            for (id, title) in zip(ids, titles) {
                addedCounts[title.text, default: 0] += 1
                list.append(
                    Todo(
                        id: id,
                        title: title,
                        createdBy: request.caller.subject,
                        createdAt: request.now
                    )
                )
            }
        case (_, .todo(let todo?)):
            if case .add = request.write { addedCounts[todo.title, default: 0] += 1 }
            list.removeAll { $0.id == todo.id }
            list.append(todo)
            list.sort { $0.id < $1.id }
        default:
            return
        }
    }

    mutating func answer(_ number: Int, _ answer: Answer) {
        guard let attempt = attempts[number] else { return }
        attempts[number]?.answer = answer
        guard case .result(let result) = answer, let version = attempt.version else { return }
        let answered = histories[attempt.workspace]?.answeredVersion ?? 0
        histories[attempt.workspace]?.answeredVersion = max(answered, version)
        if !result.changedIDs.isEmpty { histories[attempt.workspace]?.answeredCount += 1 }
    }

    // What a client may be told.

    func addedCount(_ title: String) -> Int { addedCounts[title, default: 0] }

    /// How often a write may have been done: once, but for keys that were too old to be remembered.
    func countMax(of identity: WriteIdentity) -> Int { 1 + lapseCounts[identity, default: 0] }

    /// The version that every read sees which begins now, or a later one.
    func answeredVersion(of workspace: String) -> Int {
        histories[workspace]?.answeredVersion ?? 0
    }

    /// Changes that whoever listens has been told of, or will be soon.
    func changeCount(in workspace: String) -> Int { histories[workspace]?.answeredCount ?? 0 }

    /// Whether the list was like that at the version or later.
    func hasBeen(
        _ workspace: String,
        since version: Int,
        _ isLikeThat: ([Todo]) -> Bool
    ) -> Bool {
        guard let history = histories[workspace] else { return isLikeThat([]) }
        return history.lists[version...].contains(where: isLikeThat)
    }

    /// Finds an answer of the store to a write that nobody has been told of, and notes that it is told.
    mutating func tell(_ identity: WriteIdentity, _ isThat: (Answer) -> Bool) -> Bool {
        let number = numbers[identity, default: []].first { number in
            guard let attempt = attempts[number], !attempt.isTold, let answer = attempt.answer
            else { return false }
            return isThat(answer)
        }
        guard let number else { return false }
        attempts[number]?.isTold = true
        return true
    }
}
