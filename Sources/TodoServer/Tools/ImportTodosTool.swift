internal import JSON
internal import JSONSchema
internal import Martlet
internal import Todos

extension Tool {
    /// Adds many to-dos in one transaction.
    ///
    /// Progress is told while the titles are looked through and when all of them are durable; there
    /// is nothing in between that could be there in part.
    static func importTodos(_ services: TodoServices) -> Tool {
        Tool(
            name: "import_todos",
            title: "Import to-dos",
            description: """
                Adds up to \(TodoImport.titleCountMax) to-dos at once, in the order of their titles: \
                all of them, or none if a title cannot be used. Returns how many were added and \
                their ids, which follow each other. A call that is cancelled before it is answered \
                has added all or nothing; repeat it with the same idempotency_key to find out.
                """,
            input: ObjectSchema([
                .required(
                    "titles",
                    .array(
                        of: .string(lengthMax: TodoProperty.textLengthMax),
                        countMax: TodoImport.titleCountMax
                    ),
                    description: """
                        What is to be done: 1 to \(TodoImport.titleCountMax) titles, each in one \
                        line of 1 to \(TodoTitle.characterCountMax) characters of any language.
                        """
                ),
                TodoProperty.idempotencyKey,
            ]),
            output: ImportEncoding.schema,
            annotations: ToolAnnotations(
                readOnly: false,
                destructive: false,
                idempotent: false,
                openWorld: false
            ),
            permission: .createTodos,
            taskSupport: .optional
        ) { arguments, context throws(RequestFailure) in
            let call = try TodoCall(services, arguments, context)
            let titles = arguments.strings("titles") ?? []
            let total = Double(titles.count)
            let ids = try await call.result { () async throws(TodoError) in
                try await call.service.addAll(
                    titles: titles,
                    idempotencyKey: call.idempotencyKey,
                    by: call.caller,
                    now: call.now
                ) { count in
                    context.report(
                        progress: Double(count),
                        of: total,
                        message: "Checked \(count) of \(titles.count) titles"
                    )
                }
            }
            context.report(progress: total, of: total, message: "Added \(ids.count) to-dos")
            return .structured(ImportEncoding.encode(ids))
        }
    }
}

/// The result of an import.
private enum ImportEncoding {
    static let schema = ObjectSchema([
        .required("added", .integer(min: 1, max: TodoImport.titleCountMax)),
        .required("first_id", .integer(min: 1), description: "The id of the first title's to-do."),
        .required("last_id", .integer(min: 1), description: "The id of the last title's to-do."),
    ])

    static func encode(_ ids: ClosedRange<Int64>) -> RawJSON {
        RawJSON { writer in
            writer.beginObject()
            writer.name("added")
            writer.integer(ids.count)
            writer.name("first_id")
            writer.integer(Int(ids.lowerBound))
            writer.name("last_id")
            writer.integer(Int(ids.upperBound))
            writer.endObject()
        }
    }
}
