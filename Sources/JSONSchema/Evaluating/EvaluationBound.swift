/// Which bound on the work of validating was reached.
public enum EvaluationBound: Error, Hashable, Sendable {
    /// The budget of ``CompiledSchema/stepCountMax`` steps is spent.
    case steps
    /// Schemas refer to each other more than ``CompiledSchema/evaluationDepthMax`` deep.
    case depth
    /// The text has 4 GiB or more.
    case bytes
}

extension EvaluationBound: CustomStringConvertible {
    public var description: String {
        switch self {
        case .steps: "it takes too many steps"
        case .depth: "its schema is applied too deeply"
        case .bytes: "it is too long"
        }
    }
}
