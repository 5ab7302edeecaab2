internal import Martlet
internal import Todos

/// One call of a to-do tool: what every tool reads from its request.
struct TodoCall {
    let service: TodoService
    let caller: TodoCaller
    let now: Int64
    let idempotencyKey: String?

    static let idempotencyKeyName = "idempotency_key"

    /// - Throws: ``RequestFailure/rejected(message:)`` if two different idempotency keys were sent.
    init(
        _ services: TodoServices,
        _ arguments: Arguments,
        _ context: RequestContext
    ) throws(RequestFailure) {
        service = services[context]
        let principal = context.principal
        caller = TodoCaller(
            workspace: principal.workspace.name,
            issuer: principal.subject.issuer,
            subject: principal.subject.name
        )
        now = context.nowSeconds
        let argument = arguments.string(Self.idempotencyKeyName)
        if let argument, let meta = context.idempotencyKey, argument != meta {
            throw .rejected(
                message: """
                    The idempotency_key argument and the one in _meta differ; send one of them, or \
                    the same in both.
                    """
            )
        }
        idempotencyKey = argument ?? context.idempotencyKey
    }

    /// What the service did, with its errors as the model shall see them.
    func result<Value>(
        of action: () async throws(TodoError) -> Value
    ) async throws(RequestFailure) -> Value {
        do throws(TodoError) {
            return try await action()
        } catch {
            switch error {
            case .title, .idempotencyKey, .query, .noSuchTodo, .store(.idempotencyKeyReused):
                throw .rejected(message: error.description)
            case .store(.unavailable(let reason)): throw .unavailable(reason: reason)
            case .store(.failed(let reason)): throw .failed(reason: reason)
            }
        }
    }
}
