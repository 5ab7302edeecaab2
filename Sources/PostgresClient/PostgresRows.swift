internal import CPostgres

/// What a statement returned.
@safe
public final class PostgresRows: Sendable {
    // Safe: owned from `init` to `deinit` and never changed, which libpq lets any thread read.
    nonisolated(unsafe) private let result: OpaquePointer

    init(owning result: OpaquePointer) {
        unsafe self.result = result
    }

    deinit {
        unsafe PQclear(result)
    }

    public var count: Int { Int(unsafe PQntuples(result)) }

    /// What was done and to how many rows: "INSERT 0 3".
    public var commandTag: String {
        guard let tag = unsafe PQcmdStatus(result) else { return "" }
        return unsafe String(cString: tag)
    }

    public func isNull(_ row: Int, _ column: Int) -> Bool {
        unsafe PQgetisnull(result, CInt(row), CInt(column)) != 0
    }

    /// The text of a field; empty for NULL.
    ///
    /// - Precondition: The row is one of ``count``, and the column one of the statement's.
    public func text(_ row: Int, _ column: Int) -> String {
        let (row, column) = (CInt(row), CInt(column))
        guard let bytes = unsafe PQgetvalue(result, row, column) else { return "" }
        let count = Int(unsafe PQgetlength(result, row, column))
        // Safe: valid as long as the result, and copied here.
        let text = unsafe UnsafeRawBufferPointer(start: bytes, count: count).withMemoryRebound(
            to: UInt8.self
        ) { unsafe String(decoding: $0, as: UTF8.self) }
        return ZeroCharacter.decode(text)
    }

    public func optionalText(_ row: Int, _ column: Int) -> String? {
        isNull(row, column) ? nil : text(row, column)
    }

    /// The number in a field of an integral type; 0 for NULL.
    public func number(_ row: Int, _ column: Int) -> Int64 {
        Int64(text(row, column)) ?? 0
    }

    public func boolean(_ row: Int, _ column: Int) -> Bool {
        text(row, column) == "t"
    }
}
