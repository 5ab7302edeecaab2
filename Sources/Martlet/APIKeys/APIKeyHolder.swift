package import AccessControl
internal import Bytes

/// Whom an API key is for and what that may do.
package struct APIKeyHolder: Hashable, Sendable {
    package static let nameByteCountMax = 64
    package static let roleCountMax = 16
    package static let permissionCountMax = 256
    /// Of one role or permission.
    package static let rightByteCountMax = 128

    /// The subject's name.
    ///
    /// Unique among the keys there are; a key that is made after its namesake was revoked stands
    /// for the same subject.
    package var name: String
    package var roles: [String]

    /// What takes away from the roles all that it does not list; `nil` takes away nothing.
    package var permissions: [String]?
    package var workspace: Workspace

    package init(
        name: String,
        roles: [String],
        permissions: [String]? = nil,
        workspace: Workspace = .shared
    ) {
        self.name = name
        self.roles = roles
        self.permissions = permissions
        self.workspace = workspace
    }

    /// Whether a file of keys can hold this.
    package var isValid: Bool {
        Self.isName(name) && Self.areRoles(roles)
            && permissions.map(Self.arePermissions) ?? true
    }

    /// Whether a key can be called so: 1 to ``nameByteCountMax`` letters and digits of ASCII, full
    /// stops, hyphens, underscores and `@`, the first a letter or digit.
    package static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, ASCII.isLetter(first) || ASCII.isDigit(first),
            text.utf8.count <= nameByteCountMax
        else { return false }
        return text.utf8.allSatisfy {
            ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == ASCII.fullStop || $0 == ASCII.hyphen
                || $0 == ASCII.underscore || $0 == ASCII.commercialAt
        }
    }

    /// Whether these can be roles: some, not too many, each of a bounded number of printable bytes.
    package static func areRoles(_ names: [String]) -> Bool {
        (1...roleCountMax).contains(names.count) && names.allSatisfy(isRight)
    }

    package static func arePermissions(_ names: [String]) -> Bool {
        names.count <= permissionCountMax && names.allSatisfy(isRight)
    }

    private static func isRight(_ name: String) -> Bool {
        (1...rightByteCountMax).contains(name.utf8.count)
            && !name.utf8.contains(where: ASCII.isControl)
    }
}
