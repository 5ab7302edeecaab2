/// A decision in names, so that those of two policies can be compared and read.
public enum AccessOutcome: Hashable, Sendable {
    case allowed
    case dependsOnArguments

    /// `scope` is the value of the challenge's `scope`.
    case insufficientScope(scope: String)
    case forbidden
}

extension AccessPolicy {
    public func outcome(of decision: AccessDecision) -> AccessOutcome {
        switch decision {
        case .allowed: .allowed
        case .dependsOnArguments: .dependsOnArguments
        case .insufficientScope(let needed): .insufficientScope(scope: scope(naming: needed))
        case .forbidden: .forbidden
        }
    }
}

extension AccessDecision {
    /// Whether the operation is refused for certain.
    public var isRefusal: Bool {
        switch self {
        case .allowed, .dependsOnArguments: false
        case .insufficientScope, .forbidden: true
        }
    }
}

extension AccessOutcome: CustomStringConvertible {
    public var description: String {
        switch self {
        case .allowed: "allowed"
        case .dependsOnArguments: "depends on arguments"
        case .insufficientScope(let scope): "insufficient_scope (\(scope))"
        case .forbidden: "forbidden"
        }
    }
}
