/// A right to do one kind of thing, by the name that policies, scopes and tokens call it:
/// `create:todos`.
///
/// A name is a `scope-token` (RFC 6749 §3.3): visible ASCII without quotation mark and reverse
/// solidus. ``AccessPolicy`` refuses any other.
public struct Permission: Hashable, Sendable {
    public let name: String

    public init(_ name: String) {
        self.name = name
    }

    public static let createTodos = Permission("create:todos")
    public static let readTodos = Permission("read:todos")
    public static let updateTodos = Permission("update:todos")
    public static let deleteTodos = Permission("delete:todos")
    public static let listTools = Permission("list:tools")
    public static let callTools = Permission("call:tools")

    /// What the tutorial's roles and the to-do service know.
    public static let todoService = [
        createTodos, readTodos, updateTodos, deleteTodos, listTools, callTools,
    ]
}

extension Permission: CustomStringConvertible {
    public var description: String { name }
}
