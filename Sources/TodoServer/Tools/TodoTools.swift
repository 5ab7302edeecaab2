internal import JSONSchema
internal import Martlet
internal import Todos

extension Tool {
    static func addTodo(_ services: TodoServices) -> Tool {
        Tool(
            name: "add_todo",
            title: "Add a to-do",
            description: "Adds a to-do to the workspace's list and returns it with its id.",
            input: ObjectSchema([
                TodoProperty.text(
                    "title",
                    "What is to be done, in one line of 1 to 255 characters of any language."
                ),
                TodoProperty.idempotencyKey,
            ]),
            output: TodoEncoding.single,
            annotations: ToolAnnotations(
                readOnly: false,
                destructive: false,
                idempotent: false,
                openWorld: false
            ),
            permission: .createTodos
        ) { arguments, context throws(RequestFailure) in
            let call = try TodoCall(services, arguments, context)
            let title = arguments.string("title") ?? ""
            let todo = try await call.result { () async throws(TodoError) in
                try await call.service.add(
                    title: title,
                    idempotencyKey: call.idempotencyKey,
                    by: call.caller,
                    now: call.now
                )
            }
            return .structured(TodoEncoding.encode(todo))
        }
    }

    static func listTodos(_ services: TodoServices) -> Tool {
        Tool(
            name: "list_todos",
            title: "List to-dos",
            description: """
                Lists the workspace's to-dos in the order they were added, one page at a time. If the \
                result has a next_cursor, call again with it as cursor for the next page.
                """,
            input: ObjectSchema([
                .optional(
                    "cursor",
                    .string(lengthMax: 256),
                    description: "The next_cursor of the previous page."
                ),
                .optional(
                    "limit",
                    .integer(min: 1, max: TodoQuery.limitMax),
                    description: "To-dos on the page, \(TodoQuery.limitDefault) if absent."
                ),
                .optional(
                    "completed",
                    .boolean,
                    description: "true lists what is done, false what is open; absent lists both."
                ),
            ]),
            output: TodoEncoding.page,
            annotations: ToolAnnotations(readOnly: true, openWorld: false),
            meta: TodoListPage.link,
            permission: .readTodos,
            validator: services.listValidator
        ) { arguments, context throws(RequestFailure) in
            let call = try TodoCall(services, arguments, context)
            var after: Int64?
            if let text = arguments.string("cursor") {
                guard let cursor = TodoCursor(text) else {
                    throw .rejected(
                        message: """
                            This cursor was not made by list_todos; send the next_cursor of a page, \
                            or none to start at the first.
                            """
                    )
                }
                after = cursor.after
            }
            let page = try await call.result { [after] () async throws(TodoError) in
                try await call.service.list(
                    after: after,
                    limit: arguments.integer("limit"),
                    isCompleted: arguments.bool("completed"),
                    for: call.caller
                )
            }
            return .structured(TodoEncoding.encode(page))
        }
    }

    static func completeTodo(_ services: TodoServices) -> Tool {
        Tool(
            name: "complete_todo",
            title: "Complete a to-do",
            description: "Marks a to-do as done and returns it. One that is done stays done.",
            input: ObjectSchema([TodoProperty.id, TodoProperty.idempotencyKey]),
            output: TodoEncoding.single,
            annotations: ToolAnnotations(
                readOnly: false,
                destructive: false,
                idempotent: true,
                openWorld: false
            ),
            permission: .updateTodos
        ) { arguments, context throws(RequestFailure) in
            let call = try TodoCall(services, arguments, context)
            let id = Int64(arguments.integer("id") ?? 0)
            let todo = try await call.result { () async throws(TodoError) in
                try await call.service.complete(
                    id,
                    idempotencyKey: call.idempotencyKey,
                    by: call.caller,
                    now: call.now
                )
            }
            return .structured(TodoEncoding.encode(todo))
        }
    }

    static func updateTodoText(_ services: TodoServices) -> Tool {
        Tool(
            name: "update_todo_text",
            title: "Change a to-do's text",
            description: "Replaces the title of a to-do and returns the to-do with it.",
            input: ObjectSchema([
                TodoProperty.id,
                TodoProperty.text(
                    "text",
                    "The new title, in one line of 1 to 255 characters of any language."
                ),
                TodoProperty.idempotencyKey,
            ]),
            output: TodoEncoding.single,
            annotations: ToolAnnotations(
                readOnly: false,
                destructive: true,
                idempotent: true,
                openWorld: false
            ),
            permission: .updateTodos
        ) { arguments, context throws(RequestFailure) in
            let call = try TodoCall(services, arguments, context)
            let id = Int64(arguments.integer("id") ?? 0)
            let text = arguments.string("text") ?? ""
            let todo = try await call.result { () async throws(TodoError) in
                try await call.service.updateTitle(
                    of: id,
                    to: text,
                    idempotencyKey: call.idempotencyKey,
                    by: call.caller,
                    now: call.now
                )
            }
            return .structured(TodoEncoding.encode(todo))
        }
    }

    static func deleteTodo(_ services: TodoServices) -> Tool {
        Tool(
            name: "delete_todo",
            title: "Delete a to-do",
            description: "Deletes a to-do for good and returns it as it was.",
            input: ObjectSchema([TodoProperty.id, TodoProperty.idempotencyKey]),
            output: TodoEncoding.single,
            annotations: ToolAnnotations(
                readOnly: false,
                destructive: true,
                idempotent: true,
                openWorld: false
            ),
            permission: .deleteTodos
        ) { arguments, context throws(RequestFailure) in
            let call = try TodoCall(services, arguments, context)
            let id = Int64(arguments.integer("id") ?? 0)
            let todo = try await call.result { () async throws(TodoError) in
                try await call.service.delete(
                    id,
                    idempotencyKey: call.idempotencyKey,
                    by: call.caller,
                    now: call.now
                )
            }
            return .structured(TodoEncoding.encode(todo))
        }
    }
}
