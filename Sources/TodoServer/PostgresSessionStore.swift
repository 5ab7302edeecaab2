public import Martlet
public import TodosPostgres

/// Sessions that servers share through the database of the to-dos.
public struct PostgresSessionStore: SessionStore {
    private let store: PostgresTodoStore

    public init(_ store: PostgresTodoStore) {
        self.store = store
    }

    public func put(_ notice: SessionNotice) async throws(SessionStoreError) {
        do throws(SessionRowError) {
            try await store.putSession(
                SessionRow(
                    session: notice.session,
                    topic: notice.topic,
                    content: notice.content,
                    expiresAt: notice.expirySeconds
                )
            )
        } catch {
            throw SessionStoreError(reason: error.reason)
        }
    }

    public func follow(
        _ didHear: @escaping @Sendable (SessionNotice) -> Void
    ) async throws(SessionStoreError) {
        do throws(SessionRowError) {
            try await store.followSessions { row in
                didHear(
                    SessionNotice(
                        session: row.session,
                        topic: row.topic,
                        content: row.content,
                        expirySeconds: row.expiresAt
                    )
                )
            }
        } catch {
            throw SessionStoreError(reason: error.reason)
        }
    }
}
