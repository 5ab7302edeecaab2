/// One way to be allowed an operation: all of these permissions, and all of these conditions.
public struct AccessRule: Hashable, Sendable {
    /// Without any, the conditions decide alone.
    public var permissions: [Permission]
    public var conditions: [AccessCondition]

    public init(_ permissions: [Permission], when conditions: [AccessCondition] = []) {
        self.permissions = permissions
        self.conditions = conditions
    }
}
