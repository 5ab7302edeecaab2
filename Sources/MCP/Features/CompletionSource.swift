public import AccessControl

/// Proposes what may be typed for an argument of a prompt or a variable of a template (MCP,
/// *Completion*).
public struct CompletionSource: Sendable {
    /// How many proposals a client is sent at most.
    public static let valueCountMax = 100

    /// Proposes values; called on the event loop of the request.
    ///
    /// `value` is what has been typed so far, and `others` what the other arguments are, as far as
    /// the client says.
    public typealias Complete =
        @Sendable (
            _ value: String,
            _ others: [String: String],
            _ context: RequestContext
        ) async throws(RequestFailure) -> Completion

    /// What a caller needs to be given proposals; no default, since proposals tell what there is.
    public let permission: Permission
    public let complete: Complete

    public init(permission: Permission, complete: @escaping Complete) {
        self.permission = permission
        self.complete = complete
    }

    /// Proposes those of some fixed values that begin with what was typed.
    public static func oneOf(_ values: [String], permission: Permission) -> CompletionSource {
        CompletionSource(permission: permission) { value, _, _ in
            Completion(values.filter { $0.hasPrefix(value) })
        }
    }
}

/// Proposals, the best first.
public struct Completion: Hashable, Sendable {
    public let values: [String]

    /// How many there are in all, if that is known.
    public let total: Int?
    public let hasMore: Bool

    /// Keeps the first ``CompletionSource/valueCountMax`` of the values.
    public init(_ values: [String], total: Int? = nil) {
        self.values = Array(values.prefix(CompletionSource.valueCountMax))
        self.total = total ?? values.count
        hasMore = (total ?? values.count) > self.values.count
    }

    /// Proposals out of so many that nobody has counted them.
    ///
    /// - Parameters:
    ///   - values: The first ``CompletionSource/valueCountMax`` are kept.
    ///   - hasMore: Whether there are others, besides those of `values` that are not kept.
    public init(_ values: [String], hasMore: Bool) {
        self.values = Array(values.prefix(CompletionSource.valueCountMax))
        total = nil
        self.hasMore = hasMore || values.count > self.values.count
    }
}
