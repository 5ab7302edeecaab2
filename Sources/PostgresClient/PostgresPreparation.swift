/// Which statements the connections of a pool prepare, and where.
public struct PostgresPreparation: Hashable, Sendable {
    /// Where statements are prepared.
    public enum Place: Hashable, Sendable {
        /// On connections that belong to nobody else.
        ///
        /// A pooler that shares them out by transaction has a statement carried out on any of its
        /// connections to PostgreSQL, and not on the one that it was prepared on.
        case unshared

        /// On every connection: a pooler passes on what is prepared, or shares connections out by
        /// session.
        case everywhere

        /// Nowhere: PostgreSQL plans each statement each time.
        case nowhere
    }

    let statements: [PostgresStatement]
    let place: Place

    /// - Parameters:
    ///   - statements: Those without a name are never prepared.
    ///   - place: Where the others are.
    public init(_ statements: [PostgresStatement] = [], _ place: Place = .unshared) {
        self.statements = statements.filter { $0.name != nil }
        self.place = place
    }

    /// What a connection prepares.
    func statements(isShared: Bool) -> [PostgresStatement] {
        switch place {
        case .unshared: isShared ? [] : statements
        case .everywhere: statements
        case .nowhere: []
        }
    }
}
