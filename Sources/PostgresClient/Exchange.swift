/// Statements that are sent together and answered together, in one round trip.
///
/// Outside a transaction they are one by themselves: all of them are carried out or, if one is
/// refused, none.
final class Exchange {
    typealias Answer = Result<[PostgresRows], PostgresError>

    let calls: [PostgresCall]

    /// When whoever waits for it gives up, by the loop's clock.
    let deadlineMilliseconds: UInt64

    /// How often it may be sent once more because the connection broke.
    var resendCountLeft: Int

    private let didEnd: (Answer) -> Void
    private var rows: [PostgresRows] = []
    private var failure: PostgresError?

    init(
        _ calls: [PostgresCall],
        deadlineMilliseconds: UInt64,
        resendCountMax: Int,
        _ didEnd: @escaping (Answer) -> Void
    ) {
        self.calls = calls
        self.deadlineMilliseconds = deadlineMilliseconds
        resendCountLeft = resendCountMax
        self.didEnd = didEnd
    }

    /// What is being done, for errors: what the first statement does.
    var operation: String { calls.first?.statement.operation ?? "synchronize" }

    func receive(_ rows: PostgresRows) {
        self.rows.append(rows)
    }

    /// Takes note of the first refusal; what follows it is not carried out.
    func refuse(_ index: Int, sqlState: String, message: String) {
        guard failure == nil else { return }
        let operation = index < calls.count ? calls[index].statement.operation : operation
        failure = PostgresError(operation, .refused(sqlState: sqlState, message: message))
    }

    /// Begins from the beginning, on another connection.
    func reset() {
        rows = []
        failure = nil
    }

    /// Tells whoever waits, once.
    func end() {
        didEnd(failure.map { .failure($0) } ?? .success(rows))
    }

    func fail(_ cause: PostgresError.Cause) {
        didEnd(.failure(PostgresError(operation, cause)))
    }
}
