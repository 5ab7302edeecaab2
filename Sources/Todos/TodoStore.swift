/// Where to-dos live.
///
/// Every implementation must pass the suite "Every to-do store".
public protocol TodoStore: Sendable {
    /// Carries out a write; in a durable store it is durable when this returns.
    ///
    /// A request whose idempotency key has been used by the same subject, in the same workspace and
    /// for the same kind of write less than 24 hours ago changes nothing and returns what the first
    /// returned. An id that the workspace does not have is not an error, and neither is a deletion
    /// that lacks consent: both change nothing.
    ///
    /// A write of several to-dos is carried out whole or not at all.
    ///
    /// - Throws: ``TodoStoreError``; nothing was changed unless it is
    ///   ``TodoStoreError/unconfirmed(reason:)``.
    func apply(_ request: TodoWriteRequest) async throws(TodoStoreError) -> TodoWriteResult

    /// Lists one page of a workspace, in the order of ids.
    ///
    /// Sees every write that was acknowledged before the call. A workspace that does not exist is
    /// an empty one.
    func page(
        _ query: TodoQuery,
        in workspace: String
    ) async throws(TodoStoreError) -> TodoPage

    /// The to-do of that id, or `nil` if the workspace has none.
    func todo(_ id: Int64, in workspace: String) async throws(TodoStoreError) -> Todo?

    /// A number that is another one after every write to the workspace that was acknowledged.
    ///
    /// Raised before the acknowledgement, and cheap to ask for: what was read since it was last
    /// asked for can be told to be true still. `nil` in a store that others write to as well.
    func generation(ofWorkspace workspace: String) -> UInt64?
}

extension TodoStore {
    public func generation(ofWorkspace workspace: String) -> UInt64? { nil }
}
