public import AccessControl

/// How a server tells that the result of a tool's last call is the result of the next one, so that
/// the same call can be answered again without running the tool.
///
/// The version is a strong validator as HTTP means it (RFC 9110 §8.8.1): it differs whenever the
/// results may. The server asks for it before it runs the tool and again before it repeats what the
/// tool said. Whatever changes the results must change it *before* the change is acknowledged to
/// anybody; then everybody reads their own writes.
public struct ResultValidator: Sendable {
    /// Whose calls have the same results, if their arguments are the same to the byte.
    public enum Scope: Hashable, Sendable {
        /// Everybody's in the workspace.
        case workspace
        /// The subject's own, in each workspace.
        case subject
    }

    let scope: Scope
    let version: @Sendable (_ caller: Principal) -> UInt64?

    /// - Parameters:
    ///   - scope: Whose calls have the same results.
    ///   - version: The version of what `caller` would be told, as of now; `nil` if that is unknown.
    ///     Called on the event loop for every call of the tool: it must not wait for anything.
    public init(
        sharedBy scope: Scope,
        version: @escaping @Sendable (_ caller: Principal) -> UInt64?
    ) {
        self.scope = scope
        self.version = version
    }
}
