import Glibc
import Libuv

/// Why there is no run.
public enum LoadError: Error, Sendable {
    case noTimer(errno: Int32)
    case loop(LibuvError)
    /// An agent could not do so much as connect and list the tools.
    case cannotPrepare(agent: Int, FailureKind)
}

extension LoadError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noTimer(let code): "cannot make a timer: \(String(cString: strerror(code)))"
        case .loop(let error): error.description
        case .cannotPrepare(let agent, let kind):
            "agent \(agent) cannot list the tools: \(kind)"
        }
    }
}
