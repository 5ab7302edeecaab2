/// On whose behalf, and where, something is done.
public struct TodoCaller: Hashable, Sendable {
    /// The workspace; nothing outside it is seen or changed.
    public let workspace: String

    /// The issuer (`iss`) within which ``subject`` is unique.
    public let issuer: String

    /// The subject's name (`sub`).
    public let subject: String

    public init(workspace: String, issuer: String, subject: String) {
        self.workspace = workspace
        self.issuer = issuer
        self.subject = subject
    }
}
