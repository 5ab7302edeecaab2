/// To-dos of one workspace that shall be as they were when they were read elsewhere.
///
/// A restoration whose to-dos keep their ids is idempotent by nature: what is there already is
/// passed over, whenever it is carried out again.
public struct TodoRestoration: Hashable, Sendable {
    /// What becomes of the ids.
    public enum Identity: Hashable, Sendable {
        /// Each to-do keeps its id; one whose id the workspace has given already, and which is not
        /// there or not the same, stops all of them or is left as the workspace has it.
        case kept(whenTaken: Taken)

        /// Each to-do gets the next id of the workspace.
        case new
    }

    /// What becomes of a to-do whose id the workspace has given already.
    public enum Taken: Hashable, Sendable {
        case refuse, leave
    }

    /// To-dos that one restoration has at most.
    public static let todoCountMax = 1_000

    /// How long the idempotency key of a restoration with new ids is kept.
    ///
    /// Longer than others: what is restored is large, and whoever was interrupted may come back
    /// after a weekend.
    public static let keyLifetimeSeconds: Int64 = 30 * 86_400

    /// In the order of their ids where these are kept; ``todoCountMax`` at most.
    public let todos: [StoredTodo]

    public let identity: Identity

    /// The greatest id that the workspace has ever given, as far as it is known.
    ///
    /// To be told once all its to-dos are there: an id that was given and is missing belonged to a
    /// to-do that was deleted. Of no meaning for new ids.
    public let lastID: Int64

    public init(_ todos: [StoredTodo], identity: Identity, lastID: Int64 = 0) {
        self.todos = todos
        self.identity = identity
        self.lastID = lastID
    }
}

/// How many to-dos a restoration came upon.
public struct RestoredTodos: Hashable, Sendable {
    public var addedCount: Int

    /// Those that were there already, the same to the byte.
    public var presentCount: Int

    /// Those that were changed or deleted since, and are left as the workspace has them.
    public var leftCount: Int

    public init(addedCount: Int, presentCount: Int = 0, leftCount: Int = 0) {
        self.addedCount = addedCount
        self.presentCount = presentCount
        self.leftCount = leftCount
    }
}

/// The first to-do that cannot have its id back.
public struct TodoConflict: Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// Another to-do has the id, or the same one was changed.
        case differs
        /// The workspace has given the id to a to-do that was deleted since.
        case deleted
    }

    /// Its index among ``TodoRestoration/todos``.
    public let index: Int
    public let reason: Reason

    public init(index: Int, reason: Reason) {
        self.index = index
        self.reason = reason
    }
}

extension TodoRestoration {
    /// What a restoration comes to in a workspace as it is.
    public struct Plan: Hashable, Sendable {
        public let outcome: TodoWriteOutcome

        /// To-dos to be added, under the ids that they shall have.
        public let added: [StoredTodo]

        /// The greatest id that the workspace has given then.
        public let lastID: Int64
    }

    /// Decides what becomes of the to-dos.
    ///
    /// - Parameters:
    ///   - lastID: The greatest id that the workspace has given so far.
    ///   - find: Returns what the workspace has under an id; not asked for new ids.
    /// - Returns: `nil` if the workspace has not as many ids left.
    /// - Throws: What `find` throws.
    public func plan<Failure>(
        lastID: Int64,
        _ find: (Int64) throws(Failure) -> StoredTodo?
    ) throws(Failure) -> Plan? {
        switch identity {
        case .new: planNewIDs(lastID: lastID)
        case .kept(let taken): try planKeptIDs(lastID: lastID, taken, find)
        }
    }

    private func planNewIDs(lastID: Int64) -> Plan? {
        let (end, overflows) = lastID.addingReportingOverflow(Int64(todos.count))
        guard !overflows, !todos.isEmpty else { return nil }
        let ids = (lastID + 1)...end
        return Plan(
            outcome: .added(ids),
            added: zip(ids, todos).map { $1.withID($0) },
            lastID: end
        )
    }

    private func planKeptIDs<Failure>(
        lastID: Int64,
        _ taken: Taken,
        _ find: (Int64) throws(Failure) -> StoredTodo?
    ) throws(Failure) -> Plan {
        var added: [StoredTodo] = []
        var tally = RestoredTodos(addedCount: 0)
        var greatest = lastID
        for (index, stored) in todos.enumerated() {
            let id = stored.todo.id
            let reason: TodoConflict.Reason
            if let found = try find(id) {
                if found.isIdentical(to: stored) {
                    tally.presentCount += 1
                    continue
                }
                reason = .differs
            } else if id > greatest {
                added.append(stored)
                greatest = id
                continue
            } else {
                reason = .deleted
            }
            switch taken {
            case .leave: tally.leftCount += 1
            case .refuse:
                let conflict = TodoConflict(index: index, reason: reason)
                return Plan(outcome: .conflict(conflict), added: [], lastID: lastID)
            }
        }
        tally.addedCount = added.count
        return Plan(
            outcome: .restored(tally),
            added: added,
            lastID: max(greatest, self.lastID)
        )
    }
}
