/// Which to-dos of a workspace to list: one page, by keyset pagination.
public struct TodoQuery: Hashable, Sendable {
    /// In to-dos a page.
    public static let limitMax = 100

    /// The limit of a query that names none.
    public static let limitDefault = 20

    /// Only to-dos with greater ids are listed; `nil` starts at the first.
    public let after: Int64?

    /// The most to-dos on the page.
    public let limit: Int

    /// Only to-dos in this state are listed; `nil` lists both.
    public let isCompleted: Bool?

    /// - Throws: ``TodoQueryError`` unless `limit` is 1 to ``limitMax``.
    public init(
        after: Int64? = nil,
        limit: Int? = nil,
        isCompleted: Bool? = nil
    ) throws(TodoQueryError) {
        let limit = limit ?? Self.limitDefault
        guard (1...Self.limitMax).contains(limit) else { throw .limitOutOfRange(limit) }
        self.after = after
        self.limit = limit
        self.isCompleted = isCompleted
    }
}

/// Why a list was not begun.
public enum TodoQueryError: Error, Hashable, Sendable {
    case limitOutOfRange(Int)
}

extension TodoQueryError: CustomStringConvertible {
    /// A sentence that tells the caller what to send instead.
    public var description: String {
        switch self {
        case .limitOutOfRange(let limit):
            "The limit is \(limit); send 1 to \(TodoQuery.limitMax)."
        }
    }
}
