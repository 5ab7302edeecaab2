public import JSON

/// Why bytes are not a deny list, and where.
public struct DenyListError: Error, Hashable, Sendable {
    public enum Reason: Error, Hashable, Sendable {
        case notAnObject(JSONError)
        /// No JSON object, but without a line feed behind: somebody may still be writing it.
        case incompleteLastLine
        case unknownMember
        case repeatedMember
        case missingIssuer
        /// Neither `jti`, `sub` nor `issued-before`.
        case deniesNothing
        /// `jti` beside `sub` or `issued-before`.
        case tokenAndMore
        case emptyText
        case notATime
        case tooManyEntries(countMax: Int)
        case tooManyOfOneName(countMax: Int)
    }

    public let reason: Reason

    /// Counted from 1.
    public let line: Int

    package init(_ reason: Reason, line: Int) {
        self.reason = reason
        self.line = line
    }
}

extension DenyListError: CustomStringConvertible {
    public var description: String { "line \(line): \(reason)" }
}

extension DenyListError.Reason: CustomStringConvertible {
    /// Nothing of the entry itself: who is denied is nobody's business but the operator's.
    public var description: String {
        switch self {
        case .notAnObject(let error): "not one JSON object: \(error) of the line"
        case .incompleteLastLine: "the last line breaks off, or lacks its line feed and is not JSON"
        case .unknownMember:
            "only iss, jti, sub, issued-before, until and comment may be members"
        case .repeatedMember: "a member stands there twice"
        case .missingIssuer: "iss is missing: names are unique only within their issuer"
        case .deniesNothing: "neither jti, sub nor issued-before says what is denied"
        case .tokenAndMore: "jti denies one token and goes with neither sub nor issued-before"
        case .emptyText: "iss, jti and sub must not be empty"
        case .notATime: "issued-before and until must be whole seconds since 1970, up to year 9999"
        case .tooManyEntries(let countMax):
            "more than \(countMax) entries; remove those whose tokens have expired"
        case .tooManyOfOneName(let countMax):
            "more than \(countMax) entries for one name of which none includes another"
        }
    }
}
