internal import JSON
internal import Logging
internal import MCP
internal import Synchronization

// Several processes that have one store. Only the process that works at a task changes it: others
// pass on what clients say to them, and hear what became of it.
extension TaskKeeper {
    /// Hears what other processes do, from now on.
    func follow() async {
        let hearer = TaskHearer { [changes] in
            changes.isHeard
        } didChange: { [weak self] id, owner in
            await self?.noteChange(id, of: owner)
        } didHear: { [weak self] word, id in
            await self?.hear(word, id)
        }
        do throws(TaskStoreError) {
            try await store.follow(hearer)
        } catch {
            logger.error("what other servers do to tasks is not heard here: \(error)")
        }
    }

    /// Passes on what a client has said of a task that another process works at.
    func pass(_ words: [TaskWord], to id: TaskID) async throws(RPCError) {
        do throws(TaskStoreError) {
            try await store.pass(words, to: id)
        } catch {
            logger.error("\(error)")
            throw .internalError
        }
    }

    /// A client has said something to another process, which has looked at it; it may come twice.
    private func hear(_ word: TaskWord, _ id: TaskID) async {
        switch word {
        case .cancellation: await cancelHere(id)
        case .answer(let key, let answer):
            do throws(RPCError) {
                // What was answered before is no open question, so twice is as good as once.
                try await take([key: answer], id)
            } catch {
                logger.warning("an answer that another server took is none: \(error)")
            }
        }
    }

    /// A task of another process has changed: those who listen here are told.
    private func noteChange(_ id: TaskID, of owner: TaskOwner) async {
        guard changes.isHeard(.task(id)), state.withLock({ $0.tasks[id] == nil }) else { return }
        do throws(TaskStoreError) {
            guard let record = try await store.task(id, of: owner) else { return }
            state.withLock { state in
                // What was asked later may be answered first.
                guard state.others[id]?.isAsNew(as: record) != true else { return }
                state.others[id] = OtherTask(record)
            }
            changes.announce(.task(id))
        } catch {
            logger.warning("\(error)")
        }
    }
}

/// A task of another process as the store last had it, kept while those who listen are told.
struct OtherTask {
    private let record: TaskRecord

    /// Seconds since it was read.
    var seconds = 0

    init(_ record: TaskRecord) {
        self.record = record
    }

    func record(of owner: TaskOwner) -> TaskRecord? {
        record.owner == owner ? record : nil
    }

    func isAsNew(as other: TaskRecord) -> Bool {
        record.revision >= other.revision
    }
}
