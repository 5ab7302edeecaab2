internal import CPostgres

/// Where a database is and how to get in, as libpq understands it.
///
/// What the URL leaves out comes from libpq's environment variables (`PGHOST`, `PGPASSWORD`, …) and
/// its password file (<https://www.postgresql.org/docs/current/libpq-connect.html>).
public struct PostgresURL: Hashable, Sendable {
    /// A connection parameter by its keyword.
    struct Parameter: Hashable, Sendable {
        let keyword: String
        let value: String
    }

    /// Whether the URL itself holds a password, which belongs in no list of processes.
    public let hasPassword: Bool

    /// Those of the URL and of the environment; none is empty.
    let parameters: [Parameter]

    /// - Parameter text: `postgres://` or `postgresql://` and what libpq allows behind it.
    /// - Throws: ``PostgresURLError``, which never repeats the text: there may be a password in it.
    public init(_ text: String) throws(PostgresURLError) {
        guard Self.isURL(text), !text.utf8.contains(0) else { throw .malformed }
        guard let given = Self.parse(text), given.allSatisfy(Self.isSound) else {
            throw .malformed
        }
        guard !given.contains(where: { $0.keyword == "service" }) else { throw .namesService }
        guard let defaults = Self.defaults() else { throw .environment }
        hasPassword = given.contains { $0.keyword == "password" }
        let givenKeywords = Set(given.map(\.keyword))
        parameters = given + defaults.filter { !givenKeywords.contains($0.keyword) }
    }

    /// Whether a text claims to be such a URL.
    public static func isURL(_ text: String) -> Bool {
        text.hasPrefix("postgres://") || text.hasPrefix("postgresql://")
    }

    /// libpq reads a port only when it connects.
    private static func isSound(_ parameter: Parameter) -> Bool {
        guard parameter.keyword == "port" else { return true }
        return parameter.value.split(separator: ",").allSatisfy { port in
            Int(port).map { (1...65_535).contains($0) } ?? false
        }
    }

    /// What PostgreSQL is told to set for each connection ("-c search_path=…"), if anything.
    public var options: String? { value(of: "options") }

    func value(of keyword: String) -> String? {
        parameters.first { $0.keyword == keyword }?.value
    }

    private static func parse(_ text: String) -> [Parameter]? {
        var message: UnsafeMutablePointer<CChar>?
        let options = unsafe PQconninfoParse(text, &message)
        // Not passed on: it may quote the URL.
        unsafe PQfreemem(message)
        return unsafe read(options)
    }

    private static func defaults() -> [Parameter]? {
        unsafe read(PQconndefaults())
    }

    /// Reads libpq's list, which ends with an option without a keyword, and frees it.
    private static func read(
        _ options: UnsafeMutablePointer<PQconninfoOption>?
    ) -> [Parameter]? {
        guard let options = unsafe options else { return nil }
        defer { unsafe PQconninfoFree(options) }
        var parameters: [Parameter] = []
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val, unsafe value.pointee != 0 {
                let parameter = unsafe Parameter(
                    keyword: String(cString: keyword),
                    value: String(cString: value)
                )
                parameters.append(parameter)
            }
            unsafe option += 1
        }
        return parameters
    }
}

extension PostgresURL: CustomStringConvertible {
    /// Database, host and port: nothing that lets anybody in.
    public var description: String {
        let host = value(of: "host") ?? value(of: "hostaddr") ?? "the local socket"
        let database = value(of: "dbname") ?? value(of: "user") ?? ""
        return "PostgreSQL database \(database) at \(host), port \(value(of: "port") ?? "5432")"
    }
}

/// Why a text is no URL of a database.
public enum PostgresURLError: Error, Hashable, Sendable {
    case malformed
    /// Hosts from a service file could not be looked up without blocking a loop.
    case namesService
    /// The environment's variables for libpq contradict each other.
    case environment
}

extension PostgresURLError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed:
            "not a URL of the form postgres://USER@HOST:PORT/DATABASE?PARAMETER=VALUE"
        case .namesService:
            "the parameter \"service\" is not supported in the URL; name host, port and database"
        case .environment:
            "the environment's PG… variables cannot be read; PGSERVICE may name no service"
        }
    }
}
