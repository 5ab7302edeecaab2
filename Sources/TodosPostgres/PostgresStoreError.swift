public import PostgresClient

/// Why a database cannot serve the to-do list, and what its operator can do about it.
public enum PostgresStoreError: Error, Hashable, Sendable {
    /// It does not answer, or lets nobody in.
    case unreachable(PostgresURL, PostgresError)
    /// Its encoding has no place for every text.
    case notUTF8(PostgresURL)
    /// A pooler keeps from PostgreSQL where the URL says that the tables are.
    case searchPathIgnored(PostgresURL)
    /// A newer release of this program has changed the schema.
    case newerSchema(PostgresURL, version: Int64)
    /// The schema could not be created or brought up to date.
    case unprepared(PostgresURL, PostgresError)

    init(_ url: PostgresURL, _ error: PostgresError) {
        switch error.cause {
        case .refused: self = .unprepared(url, error)
        case .connectionLost, .noConnection, .notPrepared, .noneFree, .tooManyWaiting, .noAnswer,
            .shared, .closed:
            self = .unreachable(url, error)
        }
    }
}

extension PostgresStoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreachable(let url, let error):
            """
            cannot open the \(url): \(error); the database must run, be reachable from here and \
            let this user in
            """
        case .notUTF8(let url):
            "cannot open the \(url): its encoding is not UTF8; create another with ENCODING 'UTF8'"
        case .searchPathIgnored(let url):
            """
            cannot open the \(url): a pooler is in between, and the search_path of the URL's options \
            does not reach PostgreSQL; set it there, with ALTER ROLE … SET search_path
            """
        case .newerSchema(let url, let version):
            """
            cannot open the \(url): its schema has version \(version), and this release knows \
            versions up to \(PostgresSchema.versionMax); run the release that wrote it, or a newer \
            one
            """
        case .unprepared(let url, let error):
            """
            cannot open the \(url): \(error); the user must be allowed to create tables in the \
            schema that comes first in its search_path
            """
        }
    }
}
