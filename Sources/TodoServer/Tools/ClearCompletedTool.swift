internal import JSON
internal import JSONSchema
internal import Martlet
internal import Todos

extension Tool {
    /// Deletes what is completed, with the user's consent where it is more than one to-do.
    static func clearCompleted(_ services: TodoServices) -> Tool {
        Tool(
            name: "clear_completed",
            title: "Delete completed to-dos",
            description: """
                Deletes all completed to-dos of the workspace for good, at most \
                \(TodoClearing.countMax) at a time. If there is more than one, the user is asked \
                first; nothing is deleted unless they agree, nor if the completed to-dos change \
                while they are asked. If the user cannot be asked through this client, the call \
                fails and tells the number of completed to-dos: call again with it as \
                confirmed_count once the user agrees.
                """,
            input: ObjectSchema([
                .optional(
                    "confirmed_count",
                    .integer(min: 0, max: TodoClearing.countMax),
                    description: """
                        How many completed to-dos the user agreed to delete; anything else is not \
                        deleted. Counts only where the client cannot ask its user.
                        """
                ),
                TodoProperty.idempotencyKey,
            ]),
            output: ClearedEncoding.schema,
            annotations: ToolAnnotations(
                readOnly: false,
                destructive: true,
                idempotent: true,
                openWorld: false
            ),
            permission: .deleteTodos
        ) { arguments, context throws(RequestFailure) in
            let clearing = ClearCompletedCall(
                call: try TodoCall(services, arguments, context),
                context: context,
                statedCount: arguments.integer("confirmed_count")
            )
            return try await clearing.run()
        }
    }
}

/// One call of `clear_completed`.
///
/// In the modern era it runs once to find out that somebody has to be asked, and once more with the
/// answer; what was counted travels with the client meanwhile, sealed. In the legacy era it waits.
private struct ClearCompletedCall {
    private static let question = "confirm"

    let call: TodoCall
    let context: RequestContext
    let statedCount: Int?

    func run() async throws(RequestFailure) -> ToolResult {
        // First: a user who declines must not find the last of the to-dos deleted after all.
        if let counted = try CompletedTodos(carried: context.carriedState) {
            return try await ask(about: counted)
        }
        let canAsk = context.clientSupports(.elicitation)
        let consent: TodoClearing.Consent =
            if let statedCount, !canAsk { .count(statedCount) } else { .none }
        switch try await delete(consent) {
        case .cleared(let count, let hasMore):
            return ClearedEncoding.cleared(count: count, hasMore: hasMore)
        case .needsConsent(let completed):
            guard canAsk else { throw refusal(completed) }
            return try await ask(about: completed)
        }
    }

    private func ask(about completed: CompletedTodos) async throws(RequestFailure) -> ToolResult {
        let request = InputRequest.elicitation(
            Self.question,
            message: """
                Delete \(completed.words) for good?\
                \(completed.hasMore ? " They are the oldest; there are more." : "")
                """,
            form: ElicitationForm([
                .boolean(
                    "confirm",
                    title: "Delete",
                    description: "Delete them. This cannot be undone.",
                    initial: false
                )
            ])
        )
        let answers = try await context.ask([request], carrying: completed.carried)
        guard let answer = answers.elicitation(Self.question) else {
            throw .failed(reason: "the question that was asked has no answer")
        }
        guard answer.action == .accept, answer.content.bool("confirm") == true else {
            return ClearedEncoding.declined
        }
        switch try await delete(.exactly(completed)) {
        case .cleared(let count, let hasMore):
            return ClearedEncoding.cleared(count: count, hasMore: hasMore)
        case .needsConsent:
            throw .rejected(
                message: """
                    The completed to-dos changed while the user was asked, and nothing was deleted. \
                    Call clear_completed again to ask about them as they are now.
                    """
            )
        }
    }

    private func delete(
        _ consent: TodoClearing.Consent
    ) async throws(RequestFailure) -> TodoClearingResult {
        try await call.result { () async throws(TodoError) in
            try await call.service.deleteCompleted(
                TodoClearing(consent, statedCount: statedCount),
                idempotencyKey: call.idempotencyKey,
                by: call.caller,
                now: call.now
            )
        }
    }

    /// What a model is told whose client cannot ask.
    private func refusal(_ completed: CompletedTodos) -> RequestFailure {
        guard let statedCount else {
            return .rejected(
                message: """
                    Nothing was deleted: there are \(completed.words), and this client cannot ask \
                    its user. Delete them one by one with delete_todo, or, if the user agrees, call \
                    clear_completed again with confirmed_count: \(completed.count).
                    """
            )
        }
        return .rejected(
            message: """
                Nothing was deleted: confirmed_count is \(statedCount), and there are \
                \(completed.words). If the user agrees to that, call clear_completed again with \
                confirmed_count: \(completed.count).
                """
        )
    }
}

extension CompletedTodos {
    /// As in "Delete 12 completed to-dos".
    fileprivate var words: String {
        "\(count) completed to-do\(count == 1 ? "" : "s")"
    }

    /// What a client carries between the question and the answer.
    fileprivate var carried: RawJSON {
        RawJSON { writer in
            writer.beginArray()
            writer.integer(count)
            writer.bool(hasMore)
            // A string: not every number of 64 bits is an integer of JSON.
            writer.string("\(fingerprint)")
            writer.endArray()
        }
    }

    /// - Returns: `nil` if nothing was carried.
    /// - Throws: ``RequestFailure/failed(reason:)`` for what this server did not write.
    fileprivate init?(carried: RawJSON?) throws(RequestFailure) {
        guard let carried else { return nil }
        do throws(JSONError) {
            var reader = JSONReader(carried.span)
            try reader.beginArray()
            var count: Int?
            if try reader.nextElement() { count = reader.integer(of: try reader.readNumber()) }
            let hasMore = try reader.nextElement() ? try reader.readBool() : false
            var fingerprint: UInt64?
            if try reader.nextElement() {
                let text = try reader.readString()
                fingerprint = UInt64(reader.text(of: text))
            }
            if let count, let fingerprint {
                self.init(count: count, hasMore: hasMore, fingerprint: fingerprint)
                return
            }
        } catch {
            throw .failed(reason: "the state of clear_completed is malformed: \(error)")
        }
        throw .failed(reason: "the state of clear_completed is incomplete")
    }
}

/// The result of a clearing.
private enum ClearedEncoding {
    static let schema = ObjectSchema([
        .required("deleted", .integer(min: 0, max: TodoClearing.countMax)),
        .required(
            "has_more",
            .boolean,
            description: "Whether there were more completed to-dos than one call deletes."
        ),
        .required("message", .string(lengthMax: 200)),
    ])

    static let declined = encode(
        deleted: 0,
        hasMore: false,
        "The user did not agree, and nothing was deleted."
    )

    static func cleared(count: Int, hasMore: Bool) -> ToolResult {
        let more = hasMore ? " There are more; call again for those." : ""
        let message =
            switch count {
            case 0: "Nothing was deleted: there are no completed to-dos."
            case 1: "1 completed to-do was deleted."
            default: "\(count) completed to-dos were deleted.\(more)"
            }
        return encode(deleted: count, hasMore: hasMore, message)
    }

    private static func encode(deleted: Int, hasMore: Bool, _ message: String) -> ToolResult {
        .structured(
            RawJSON { writer in
                writer.beginObject()
                writer.name("deleted")
                writer.integer(deleted)
                writer.name("has_more")
                writer.bool(hasMore)
                writer.name("message")
                writer.string(message)
                writer.endObject()
            }
        )
    }
}
