/// A name that tokens carry for their bearer's place, and what it permits.
public struct Role: Hashable, Sendable {
    /// What a role permits.
    public enum Grant: Hashable, Sendable {
        /// Every permission the policy knows, those that tools declare included.
        case everything
        case permissions([Permission])
    }

    /// Compared exactly with what the role claim says.
    public let name: String
    public let grant: Grant

    public init(_ name: String, _ grant: Grant) {
        self.name = name
        self.grant = grant
    }

    public static let admin = Role("admin", .everything)

    /// May do everything with to-dos but delete them.
    public static let user = Role(
        "user",
        .permissions([.createTodos, .readTodos, .updateTodos, .listTools, .callTools])
    )

    public static let readonly = Role(
        "readonly",
        .permissions([.readTodos, .listTools, .callTools])
    )
}
