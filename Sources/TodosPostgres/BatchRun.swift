internal import Libuv
internal import PostgresClient
internal import Todos

/// A batch on its way: carried out, tried again where that is safe, and answered.
///
/// Confined to its loop's thread.
final class BatchRun {
    /// A write, and who awaits what comes of it.
    struct Member {
        let request: TodoWriteRequest
        let writer: CheckedContinuation<WriteOutcome, Never>
    }

    /// An attempt whose `COMMIT` was sent: by this number it is found, and these are its outcomes.
    private struct Sent {
        let number: Int64
        let outcomes: [WriteOutcome]
    }

    /// How an attempt ended that did not succeed.
    private enum Failure: Error {
        /// This attempt has changed nothing.
        case undone(PostgresError)

        /// Nobody knows.
        case unconfirmed(PostgresError, Sent)
    }

    private static let pauseMilliseconds: UInt64 = 50

    private let pool: PostgresPool
    private let origin: Int64
    private let notifies: Bool
    private let didEnd: () -> Void
    private let members: [Member]

    /// - Parameters:
    ///   - members: At least one; a clearing is by itself.
    ///   - pool: Of this loop.
    ///   - origin: The number of this process.
    ///   - notifies: Whether other processes can be told of changes.
    ///   - didEnd: Told when every member has been answered.
    init(
        _ members: [Member],
        in pool: PostgresPool,
        origin: Int64,
        notifies: Bool,
        _ didEnd: @escaping () -> Void
    ) {
        self.members = members
        self.pool = pool
        self.origin = origin
        self.notifies = notifies
        self.didEnd = didEnd
    }

    func run(isolation: isolated (any Actor)? = #isolation) async {
        await run(members)
        didEnd()
    }

    private func run(
        _ members: [Member],
        isolation: isolated (any Actor)? = #isolation
    ) async {
        let deadline = pool.deadlineMilliseconds
        // The last attempt of these members of which nobody knows whether it was committed.
        var unconfirmed: Sent?
        while true {
            do throws(Failure) {
                let outcomes = try await attempt(members.map(\.request), after: &unconfirmed)
                for (member, outcome) in zip(members, outcomes) {
                    member.writer.resume(returning: outcome)
                }
                return
            } catch {
                let cause: PostgresError
                switch error {
                case .undone(let error):
                    cause = error
                case .unconfirmed(let error, let sent):
                    cause = error
                    unconfirmed = sent
                }
                if Self.isWorthAnother(cause), pool.loop.monotonicMilliseconds < deadline {
                    await pause()
                } else if members.count > 1, !cause.isTransient, unconfirmed == nil {
                    // One of them is to blame, and shall not take the others down with it.
                    for member in members { await run([member]) }
                    return
                } else {
                    return fail(members, cause, isConfirmed: unconfirmed == nil)
                }
            }
        }
    }

    /// Whether the transaction may succeed if it is begun again, nothing of it having been done.
    private static func isWorthAnother(_ error: PostgresError) -> Bool {
        if error.isConflict { return true }
        switch error.cause {
        // A pool that has no connection has waited for one already.
        case .noneFree, .tooManyWaiting, .closed: return false
        case .noConnection, .notPrepared, .connectionLost, .noAnswer, .shared, .refused:
            return error.isTransient
        }
    }

    // One transaction.

    /// - Parameters:
    ///   - requests: What is to be done.
    ///   - unconfirmed: An attempt at the same requests whose end was not heard; none once it is known
    ///     that it was not committed.
    ///   - isolation: Left out.
    /// - Returns: An outcome for each request, in their order.
    /// - Throws: ``Failure``: nothing was done, or nobody knows.
    private func attempt(
        _ requests: [TodoWriteRequest],
        after unconfirmed: inout Sent?,
        isolation: isolated (any Actor)? = #isolation
    ) async throws(Failure) -> [WriteOutcome] {
        let lease: PostgresLease
        do throws(PostgresError) {
            lease = try await pool.lease()
        } catch {
            throw .undone(error)
        }
        defer { lease.end() }
        var batch = WriteBatch(requests)
        do throws(PostgresError) {
            if let outcomes = try await look(&batch, lease, after: unconfirmed) { return outcomes }
        } catch {
            throw .undone(error)
        }
        // Whatever was sent before has not been committed, and cannot be any more.
        unconfirmed = nil
        let outcomes = batch.apply()
        let rows: [PostgresRows]
        do throws(PostgresError) {
            rows = try await lease.run(
                batch.changing(origin: origin, notifies: notifies) + [TodoStatements.commit()]
            )
        } catch {
            // A transaction that changes no to-do does no harm by being repeated.
            guard error.isAmbiguous, batch.hasChanges else { throw .undone(error) }
            throw .unconfirmed(error, Sent(number: batch.number, outcomes: outcomes))
        }
        guard rows.last?.commandTag == "COMMIT" else {
            let message = "the transaction was rolled back"
            let cause = PostgresError.Cause.refused(sqlState: "40000", message: message)
            throw .undone(PostgresError("commit a transaction", cause))
        }
        return outcomes
    }

    /// Begins the transaction and lets the batch see what it is about.
    ///
    /// An attempt before, whose end was not heard, held the locks of its workspaces as long as it
    /// could still be committed: under the same locks it is there, or will never be.
    ///
    /// - Returns: The outcomes of that attempt, if it was committed.
    private func look(
        _ batch: inout WriteBatch,
        _ lease: PostgresLease,
        after unconfirmed: Sent?,
        isolation: isolated (any Actor)? = #isolation
    ) async throws(PostgresError) -> [WriteOutcome]? {
        let milliseconds = PostgresValue(Int64(pool.limits.requestSeconds) * 1_000)
        var first = [TodoStatements.begin(), TodoStatements.bound(milliseconds, milliseconds)]
        let last = unconfirmed.map { [TodoStatements.findBatch(PostgresValue($0.number))] } ?? []
        while true {
            let rows = try await lease.run(first + batch.looking + last)
            if let unconfirmed, let found = rows.last, found.count > 0 {
                return unconfirmed.outcomes
            }
            batch.receive(rows[first.count..<(rows.count - last.count)])
            let missing = batch.missingWorkspaces
            if missing.isEmpty { return nil }
            // Somebody else may be about to add them, and write.
            first = [TodoStatements.addWorkspaces(PostgresValue(array: missing))]
        }
    }

    private func pause(isolation: isolated (any Actor)? = #isolation) async {
        let milliseconds = Self.pauseMilliseconds
        await pool.loop.pause(milliseconds: .random(in: milliseconds / 5...milliseconds))
    }

    private func fail(_ members: [Member], _ error: PostgresError, isConfirmed: Bool) {
        let failure =
            isConfirmed
            ? error.storeError : TodoStoreError.unconfirmed(reason: "\(error)")
        for member in members { member.writer.resume(returning: .failure(failure)) }
    }
}

extension PostgresError {
    /// What a caller of the store can do about the error, nothing having been changed.
    var storeError: TodoStoreError {
        isTransient ? .unavailable(reason: "\(self)") : .failed(reason: "\(self)")
    }
}
