/// A decision with everything that led to it, for a person to read.
public struct AccessExplanation: Hashable, Sendable {
    /// A role or scope of a token, and what the policy makes of it.
    public struct NamedGrant: Hashable, Sendable {
        public let name: String

        /// What it permits; `nil` if the policy does not know the name, which then counts for
        /// nothing.
        public let permissions: [Permission]?
    }

    public struct PermissionFinding: Hashable, Sendable {
        public enum State: Hashable, Sendable {
            case held
            /// The role permits it, and the scope leaves it out.
            case outsideScope
            /// The role or the `permissions` claim withholds it, whatever the scope.
            case withheld
        }

        public let permission: Permission
        public let state: State
    }

    public struct ConditionFinding: Hashable, Sendable {
        public let condition: AccessCondition

        /// `nil` if it is placed on arguments, and none were given.
        public let holds: Bool?
    }

    public struct RuleFinding: Hashable, Sendable {
        public let permissions: [PermissionFinding]
        public let conditions: [ConditionFinding]
    }

    /// What one of the operations involved asks for.
    public struct OperationFinding: Hashable, Sendable {
        public enum Origin: Hashable, Sendable {
            /// What the operation itself declares.
            case declaration
            case document
        }

        public let operation: ProtectedOperation
        public let origin: Origin

        /// One of them must be satisfied.
        public let rules: [RuleFinding]
    }

    /// `nil` if the token has no role claim.
    public let roles: [NamedGrant]?

    /// `nil` if the token has no scope.
    public let scope: [NamedGrant]?

    /// What the `permissions` claim lists, unknown ones included; `nil` if it is absent.
    public let permissionsClaim: [NamedGrant]?

    /// What role, scope and `permissions` claim leave.
    public let effective: [Permission]

    /// The method by which the operation is asked for, if any, and the operation itself: each must
    /// be satisfied.
    public let operations: [OperationFinding]
    public let decision: AccessDecision
}
