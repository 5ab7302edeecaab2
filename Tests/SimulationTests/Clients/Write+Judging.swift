import ProtocolTestSupport
import Todos

// Whether an answer to a write is true, by what the store has done and said.
extension Write {
    func judge(
        _ said: Said,
        to id: String,
        after wait: ConnectionWait?,
        at moment: Moment,
        _ store: SimulatedStore
    ) throws {
        func demandAnswer(_ words: String, _ isThat: (StoreTruth.Answer) -> Bool) throws {
            let isTrue = store.truth { $0.tell(identity, isThat) }
            try demand(isTrue, "the store has not said that \(words)")
        }
        switch said {
        case .result(let result):
            try demandAnswer("it is done so") { answer in
                if case .result(let done) = answer {
                    done.outcome.isSaid(by: result)
                } else {
                    false
                }
            }
            succeed(with: result)
        case .complaint(Said.unavailable):
            try demandAnswer("it cannot") { if case .unavailable = $0 { true } else { false } }
            fail()
        case .complaint(TodoStoreError.unconfirmed(reason: "").clientMessage):
            try demandAnswer("nobody knows") { if case .unconfirmed = $0 { true } else { false } }
            fail()
        case .complaint(TodoStoreError.idempotencyKeyReused.clientMessage):
            guard case .addUnderUsedKey = change else { throw Violation("the key is its own") }
            try demandAnswer("the key is used") { if case .keyReused = $0 { true } else { false } }
        case .complaint(noSuchTodo):
            // A deletion whose key was too old to be remembered may have been done before.
            let countMax = store.truth { $0.countMax(of: identity) }
            try demand(isInVain || countMax > 1, "the to-do is its own")
            try demandAnswer("there is none") { answer in
                if case .result(let done) = answer { done.todo == nil } else { false }
            }
        case .complaint(let text):
            try Said.judgeTimeout(text, of: id, after: wait, at: moment)
            fail()
        case .error(-32_603):
            try demandAnswer("it has failed") { if case .failed = $0 { true } else { false } }
            fail()
        case .error(let code):
            throw Violation("\(code) is no answer to a write")
        }
    }

    private var noSuchTodo: String {
        TodoError.noSuchTodo(id: Int64(todoID ?? 0)).description
    }

    private var isInVain: Bool {
        if case .completeNothing = change { true } else { false }
    }
}

extension TodoWriteOutcome {
    /// Whether a structured result says the same.
    fileprivate func isSaid(by result: JSONTree) -> Bool {
        switch self {
        case .todo(let todo?): return result["todo"].map { todo.isShown(by: $0) } ?? false
        case .added(let ids):
            return result["added"]?.integer == ids.count
                && result["first_id"]?.integer == Int(ids.lowerBound)
                && result["last_id"]?.integer == Int(ids.upperBound)
        default: return false
        }
    }
}

extension Todo {
    func isShown(by shown: JSONTree) -> Bool {
        shown["id"]?.integer == Int(id) && shown["title"]?.string == title
            && shown["completed"]?.bool == isCompleted
            && shown["created_by"]?.string == createdBy
            && shown["created_at"]?.integer == Int(createdAt)
            && shown["updated_at"]?.integer == Int(updatedAt)
    }
}
