/// Something that a caller can ask of a server, by the name a policy calls it.
///
/// Names are compared byte for byte.
public struct ProtectedOperation: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case tool, method, resource, prompt
    }

    public let kind: Kind
    private let exactName: ExactText

    public init(_ kind: Kind, _ name: String) {
        self.kind = kind
        exactName = ExactText(name)
    }

    public var name: String { exactName.text }

    public static func tool(_ name: String) -> ProtectedOperation { .init(.tool, name) }
    public static func method(_ name: String) -> ProtectedOperation { .init(.method, name) }
    public static func resource(_ uri: String) -> ProtectedOperation { .init(.resource, uri) }
    public static func prompt(_ name: String) -> ProtectedOperation { .init(.prompt, name) }

    /// The method that every tool call is a call of.
    public static let callTool = method("tools/call")

    /// The method that lists tools.
    public static let listTools = method("tools/list")
}

extension ProtectedOperation.Kind {
    /// The member of a policy document that holds the rules of this kind.
    public var memberName: String { "\(rawValue)s" }

    /// Whether a request for one carries arguments, on which conditions can be placed.
    public var hasArguments: Bool {
        switch self {
        case .tool, .prompt: true
        case .method, .resource: false
        }
    }
}

extension ProtectedOperation: CustomStringConvertible {
    public var description: String { "\(kind.rawValue) \(name)" }
}

/// An operation that a server has, and what it asks for where a policy says nothing of it.
public struct OperationDeclaration: Hashable, Sendable {
    public let operation: ProtectedOperation
    public let permissions: [Permission]

    public init(_ operation: ProtectedOperation, permissions: [Permission]) {
        self.operation = operation
        self.permissions = permissions
    }
}
