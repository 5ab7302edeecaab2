internal import Martlet
internal import Todos

extension Resource {
    /// One of the lists.
    static func todoList(_ list: TodoList, _ services: TodoServices) -> Resource {
        Resource(list.description, permission: .readTodos) {
            _,
            context throws(RequestFailure) in
            [try await list.contents(for: TodoCall(services, context))]
        }
    }
}

extension ResourceTemplate {
    /// The to-dos, each under its id.
    static func todoItem(_ services: TodoServices) -> ResourceTemplate {
        guard let template = URITemplate(TodoURI.itemTemplate) else {
            preconditionFailure("\(TodoURI.itemTemplate) is no template")
        }
        return ResourceTemplate(
            template,
            name: "todo",
            title: "A to-do",
            description: """
                One to-do of the workspace as JSON. Its id is a number, as the lists show it.
                """,
            mimeType: TodoEncoding.mimeType,
            annotations: ContentAnnotations(audience: [.user, .assistant], priority: 0.5),
            permission: .readTodos,
            completions: ["id": .todoID(services)]
        ) { uri, variables, context throws(RequestFailure) in
            // One spelling for each to-do, as subscriptions go by the URI: no leading zeros or signs.
            guard let id = variables["id"].flatMap({ Int64($0) }), uri == TodoURI.item(id) else {
                throw .notFound
            }
            let call = TodoCall(services, context)
            let todo: Todo
            do throws(TodoError) {
                todo = try await call.service.todo(id, for: call.caller)
            } catch {
                if case .noSuchTodo = error { throw .notFound }
                throw TodoCall.failure(error)
            }
            let text = TodoEncoding.encodeItem(todo).description
            return [.text(text, uri: uri, mimeType: TodoEncoding.mimeType)]
        }
    }
}
