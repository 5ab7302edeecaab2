/// A policy as people write it, in names; ``AccessPolicy`` is what a server makes of it.
///
/// What it does not mention keeps what the operation itself declares.
public struct PolicyDocument: Hashable, Sendable {
    /// What replaces the permissions that one operation declares.
    public struct Entry: Hashable, Sendable {
        public let operation: ProtectedOperation

        /// The caller needs one of them; without any, nobody may.
        public let rules: [AccessRule]

        public init(_ operation: ProtectedOperation, _ rules: [AccessRule]) {
            self.operation = operation
            self.rules = rules
        }
    }

    /// Rules of one operation, at most.
    public static let ruleCountMax = 32

    /// What the role claim may name.
    public var roles: [Role]

    /// What a scope brings besides itself, by its name.
    public var impliedScopes: [String: [String]]

    /// Rules by operation, each operation at most once.
    public var entries: [Entry]

    /// - Parameters:
    ///   - roles: By default the tutorial's three.
    ///   - impliedScopes: What a scope brings besides itself.
    ///   - entries: Rules for operations; by default every operation keeps what it declares.
    public init(
        roles: [Role] = [.admin, .user, .readonly],
        impliedScopes: [String: [String]] = [:],
        entries: [Entry] = []
    ) {
        self.roles = roles
        self.impliedScopes = impliedScopes
        self.entries = entries
    }

    /// Gives an operation its rules, in the place of those it had.
    public mutating func set(_ rules: [AccessRule], for operation: ProtectedOperation) {
        entries.removeAll { $0.operation == operation }
        entries.append(Entry(operation, rules))
    }
}
