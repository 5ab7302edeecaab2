internal import JSON
internal import JSONSchema
internal import Martlet
internal import Todos

/// To-dos as the tools describe and send them.
enum TodoEncoding {
    static let mimeType = "application/json"

    /// The schema of one to-do.
    static let todo = ObjectSchema([
        .required("id", .integer(min: 1), description: "Identifies the to-do in this workspace."),
        .required("title", .string(lengthMin: 1, lengthMax: TodoTitle.byteCountMax)),
        .required("completed", .boolean),
        .required(
            "created_by",
            .string(lengthMax: 255),
            description: "Who added the to-do: the subject of the token."
        ),
        .required("created_at", .integer(min: 0), description: "Seconds since 1970, UTC."),
        .required("updated_at", .integer(min: 0), description: "Seconds since 1970, UTC."),
    ])

    /// The schema of a result that is one to-do.
    static let single = ObjectSchema([.required("todo", .object(todo))])

    /// The schema of a page of the list.
    static let page = ObjectSchema([
        .required("todos", .array(of: .object(todo), countMax: TodoQuery.limitMax)),
        .optional(
            "next_cursor",
            .string(lengthMax: TodoCursor.byteCountMax),
            description: "Send it as cursor for the next page; absent on the last."
        ),
    ])

    static func encode(_ todo: Todo) -> RawJSON {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("todo")
        write(todo, to: &writer)
        writer.endObject()
        return RawJSON(unchecked: writer.finish())
    }

    static func encode(_ page: TodoPage) -> RawJSON {
        var writer = JSONWriter()
        writer.beginObject()
        writeMembers(of: page, to: &writer)
        writer.endObject()
        return RawJSON(unchecked: writer.finish())
    }

    /// A list as a resource: a page of it, with the number of to-dos there.
    static func encodeList(_ page: TodoPage) -> RawJSON {
        RawJSON { writer in
            writer.beginObject()
            writer.name("count")
            writer.integer(page.todos.count)
            writeMembers(of: page, to: &writer)
            writer.endObject()
        }
    }

    /// To-dos without anything around them.
    static func encodeArray(_ todos: [Todo]) -> RawJSON {
        RawJSON { writer in
            writer.beginArray()
            for todo in todos { write(todo, to: &writer) }
            writer.endArray()
        }
    }

    /// A to-do as a resource.
    static func encodeItem(_ todo: Todo) -> RawJSON {
        RawJSON { write(todo, to: &$0) }
    }

    private static func writeMembers(of page: TodoPage, to writer: inout JSONWriter) {
        writer.name("todos")
        writer.beginArray()
        for todo in page.todos { write(todo, to: &writer) }
        writer.endArray()
        if let next = page.nextAfter {
            writer.name("next_cursor")
            writer.string(TodoCursor(after: next).text)
        }
    }

    private static func write(_ todo: Todo, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("id")
        writer.integer(Int(todo.id))
        writer.name("title")
        writer.string(todo.title)
        writer.name("completed")
        writer.bool(todo.isCompleted)
        writer.name("created_by")
        writer.string(todo.createdBy)
        writer.name("created_at")
        writer.integer(Int(todo.createdAt))
        writer.name("updated_at")
        writer.integer(Int(todo.updatedAt))
        writer.endObject()
    }
}
