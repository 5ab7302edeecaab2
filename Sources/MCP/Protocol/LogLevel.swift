/// How grave a log message is: the severities of RFC 5424 §6.2.1 as MCP spells them (`LoggingLevel`).
public enum LogLevel: String, CaseIterable, Sendable {
    case debug, info, notice, warning, error, critical, alert, emergency

    /// 0 for ``debug`` to 7 for ``emergency``.
    var severity: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .notice: 2
        case .warning: 3
        case .error: 4
        case .critical: 5
        case .alert: 6
        case .emergency: 7
        }
    }

    /// What a session is sent that has asked for no level (MCP 2025-11-25, *Logging*, leaves it to
    /// the server).
    public static let sessionDefault = LogLevel.info

    /// What an error message says of a level that there is not.
    static let expectation = "one of \(allCases.map(\.rawValue).joined(separator: ", "))"
}

extension LogLevel: Comparable {
    public static func < (one: LogLevel, other: LogLevel) -> Bool {
        one.severity < other.severity
    }
}
