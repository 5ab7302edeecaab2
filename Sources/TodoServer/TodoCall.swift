internal import Martlet
internal import Todos

/// One request to the to-do server: what every tool, resource and prompt reads from it.
struct TodoCall {
    let service: TodoService
    let caller: TodoCaller
    let now: Int64
    let idempotencyKey: String?

    static let idempotencyKeyName = "idempotency_key"

    /// A request that only reads.
    init(_ services: TodoServices, _ context: RequestContext) {
        self.init(services, context, idempotencyKey: nil)
    }

    /// A call of a tool.
    ///
    /// - Throws: ``RequestFailure/rejected(message:)`` if two different idempotency keys were sent.
    init(
        _ services: TodoServices,
        _ arguments: Arguments,
        _ context: RequestContext
    ) throws(RequestFailure) {
        let argument = arguments.string(Self.idempotencyKeyName)
        if let argument, let meta = context.idempotencyKey, argument != meta {
            throw .rejected(
                message: """
                    The idempotency_key argument and the one in _meta differ; send one of them, or \
                    the same in both.
                    """
            )
        }
        self.init(services, context, idempotencyKey: argument ?? context.idempotencyKey)
    }

    private init(_ services: TodoServices, _ context: RequestContext, idempotencyKey: String?) {
        service = services[context]
        let principal = context.principal
        caller = TodoCaller(
            workspace: principal.workspace.name,
            issuer: principal.subject.issuer,
            subject: principal.subject.name
        )
        now = context.nowSeconds
        self.idempotencyKey = idempotencyKey
    }

    /// What the service did, with its errors as the client shall see them.
    func result<Value>(
        of action: () async throws(TodoError) -> Value
    ) async throws(RequestFailure) -> Value {
        do throws(TodoError) {
            return try await action()
        } catch {
            throw Self.failure(error)
        }
    }

    /// An error of the service as the client shall see it.
    static func failure(_ error: TodoError) -> RequestFailure {
        switch error {
        case .title, .titleInList, .titleCountOutOfRange, .idempotencyKey, .query, .noSuchTodo,
            .cancelled, .store(.idempotencyKeyReused), .store(.unconfirmed):
            .rejected(message: error.description)
        case .store(.unavailable(let reason)): .unavailable(reason: reason)
        case .store(.failed(let reason)): .failed(reason: reason)
        }
    }
}
