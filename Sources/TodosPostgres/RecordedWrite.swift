internal import PostgresClient
internal import Todos

/// What an idempotency key counts within, and the key.
struct ResultPlace: Hashable, Sendable {
    let workspace: ExactText
    let issuer: ExactText
    let subject: ExactText
    let kind: String
    let key: String

    /// - Returns: `nil` if the write has no key.
    init?(_ request: TodoWriteRequest) {
        guard let key = request.idempotencyKey else { return nil }
        workspace = ExactText(request.caller.workspace)
        issuer = ExactText(request.caller.issuer)
        subject = ExactText(request.caller.subject)
        kind = request.write.kind
        self.key = key.text
    }

    /// Reads the columns of ``TodoStatements/findResults``.
    init(_ rows: PostgresRows, _ row: Int) {
        workspace = ExactText(rows.text(row, 0))
        issuer = ExactText(rows.text(row, 1))
        subject = ExactText(rows.text(row, 2))
        kind = rows.text(row, 3)
        key = rows.text(row, 4)
    }
}

/// A write that carried an idempotency key, and what came of it.
struct RecordedWrite: Hashable, Sendable {
    let arguments: ExactText
    let expiresAt: Int64
    let outcome: TodoWriteOutcome

    /// - Returns: `nil` for an outcome that a retry is not told.
    init?(_ request: TodoWriteRequest, _ outcome: TodoWriteOutcome) {
        guard outcome.isKept else { return nil }
        arguments = ExactText(request.write.arguments)
        expiresAt = request.idempotencyKeyExpiresAt
        self.outcome = outcome
    }

    /// Reads the columns of ``TodoStatements/findResults``.
    ///
    /// - Returns: `nil` if the row is none that was written here.
    init?(_ rows: PostgresRows, _ row: Int) {
        arguments = ExactText(rows.text(row, 5))
        expiresAt = rows.number(row, 6)
        if !rows.isNull(row, 13) {
            let first = rows.number(row, 13)
            let (end, overflows) = first.addingReportingOverflow(rows.number(row, 14))
            guard !overflows, end > first else { return nil }
            outcome = .added(first...(end - 1))
        } else if !rows.isNull(row, 14) {
            outcome = .cleared(
                count: Int(rows.number(row, 14)),
                hasMore: rows.boolean(row, 15)
            )
        } else {
            outcome = .todo(rows.isNull(row, 7) ? nil : rows.todo(row, 7))
        }
    }

    private var todo: Todo? {
        if case .todo(let todo) = outcome { return todo }
        return nil
    }

    /// Calls ``TodoStatements/recordResults`` for many.
    static func record(_ writes: [(place: ResultPlace, write: RecordedWrite)]) -> PostgresCall {
        let counts: [(first: Int64?, count: Int64?, hasMore: Bool?)] = writes.map {
            switch $0.write.outcome {
            case .added(let ids): (ids.lowerBound, Int64(ids.count), nil)
            case .cleared(let count, let hasMore): (nil, Int64(count), hasMore)
            case .todo, .needsConsent, .restored, .conflict: (nil, nil, nil)
            }
        }
        return TodoStatements.recordResults(
            PostgresValue(array: writes.map { $0.place.workspace.text }),
            PostgresValue(array: writes.map { $0.place.issuer.text }),
            PostgresValue(array: writes.map { $0.place.subject.text }),
            PostgresValue(array: writes.map { $0.place.kind }),
            PostgresValue(array: writes.map { $0.place.key }),
            PostgresValue(array: writes.map { $0.write.arguments.text }),
            PostgresValue(array: writes.map { $0.write.expiresAt }),
            PostgresValue(array: writes.map { $0.write.todo?.id }),
            PostgresValue(array: writes.map { $0.write.todo?.title }),
            PostgresValue(array: writes.map { $0.write.todo?.isCompleted }),
            PostgresValue(array: writes.map { $0.write.todo?.createdBy }),
            PostgresValue(array: writes.map { $0.write.todo?.createdAt }),
            PostgresValue(array: writes.map { $0.write.todo?.updatedAt }),
            PostgresValue(array: counts.map { $0.first }),
            PostgresValue(array: counts.map { $0.count }),
            PostgresValue(array: counts.map { $0.hasMore })
        )
    }
}
