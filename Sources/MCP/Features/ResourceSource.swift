public import AccessControl

/// Resources that are found when somebody asks for the list, instead of when the server starts: of
/// each caller's own, or coming and going.
///
/// The list follows that of the fixed resources. What it names is read by a ``Resource`` or a
/// ``ResourceTemplate`` of the server, whose permission is asked for then.
public struct ResourceSource: Sendable {
    /// Bytes of ``ResourcePage/next`` at most.
    public static let nextByteCountMax = 1_024

    /// Lists what the caller may know of; called on the event loop of the request.
    ///
    /// `after` is ``ResourcePage/next`` of the page before, as the client gives it back: it may be
    /// anything. At most `countMax` are wanted, which is not 0.
    public typealias List =
        @Sendable (
            _ after: String?,
            _ countMax: Int,
            _ context: RequestContext
        ) async throws(RequestFailure) -> ResourcePage

    /// What a caller needs to be shown any of them; no default, so that each says who may.
    public let permission: Permission
    public let list: List

    public init(permission: Permission, list: @escaping List) {
        self.permission = permission
        self.list = list
    }
}

/// Some of a source's resources.
public struct ResourcePage: Sendable {
    /// No more than were wanted.
    public let resources: [Resource.Description]

    /// From where the source goes on, in words of its own; `nil` at its end.
    public let next: String?

    public init(_ resources: [Resource.Description], next: String? = nil) {
        self.resources = resources
        self.next = next
    }
}
