internal import Libuv
public import Martlet
public import Todos

/// One to-do service for each event loop, all over the same store.
struct TodoServices: Sendable {
    private let services: [TodoService]

    /// How to tell that the workspace's list is as it was.
    let listValidator: ResultValidator

    init(store: any TodoStore, group: EventLoopGroup, changes: ChangeAnnouncer) {
        listValidator = ResultValidator(sharedBy: .workspace) { caller in
            store.generation(ofWorkspace: caller.workspace.name)
        }
        services = group.loops.map { loop in
            TodoService(executor: loop, store: store) { changes.announce($0) }
        }
    }

    /// The service of the loop that runs a request: calling it changes no thread.
    subscript(context: RequestContext) -> TodoService {
        services[context.loopIndex]
    }
}

extension ChangeAnnouncer {
    /// Tells whoever listens in its workspace of a change, wherever it was made.
    public func announce(_ change: TodoChange) {
        // Nobody listens most of the time, and URIs need not be made up for nobody.
        guard isHeard else { return }
        announce(change.announcements, inWorkspaceNamed: change.workspace)
    }
}

extension TodoChange {
    /// The resources that read differently from now on, lists first.
    fileprivate var announcements: [ServerChange] {
        var uris = [TodoURI.all]
        if lists.contains(.open) { uris.append(TodoURI.open) }
        if lists.contains(.completed) { uris.append(TodoURI.completed) }
        uris += ids.map(TodoURI.item)
        return uris.map { .resource(uri: $0) }
    }
}
