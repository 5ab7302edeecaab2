internal import Libuv
internal import Martlet
internal import Todos

/// One to-do service for each event loop, all over the same store.
struct TodoServices: Sendable {
    private let services: [TodoService]

    init(store: any TodoStore, group: EventLoopGroup) {
        services = group.loops.map { TodoService(executor: $0, store: store) }
    }

    /// The service of the loop that runs a request: calling it changes no thread.
    subscript(context: RequestContext) -> TodoService {
        services[context.loopIndex]
    }
}
