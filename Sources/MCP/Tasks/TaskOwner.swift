public import AccessControl

/// Whose a task is: to everybody else it does not exist.
public struct TaskOwner: Hashable, Sendable {
    public let subject: Subject

    /// The workspace's name: the same person in another workspace is another owner.
    public let workspace: String

    public init(subject: Subject, workspace: String) {
        self.subject = subject
        self.workspace = workspace
    }

    public init(_ principal: Principal) {
        self.init(subject: principal.subject, workspace: principal.workspace.name)
    }
}
