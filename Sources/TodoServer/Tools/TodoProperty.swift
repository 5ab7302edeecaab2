internal import JSONSchema
internal import Todos

/// Properties that several tools take.
enum TodoProperty {
    static let idempotencyKey = Property.optional(
        TodoCall.idempotencyKeyName,
        .string(
            lengthMin: 1,
            lengthMax: IdempotencyKey.characterCountMax,
            characters: .visibleASCII
        ),
        description: """
            Any text that is new for each change. If a call may or may not have succeeded, repeat it \
            with the same key: the change is then made once, and the first result is returned.
            """
    )

    static let id = Property.required(
        "id",
        .integer(min: 1),
        description: "The id of a to-do, as list_todos shows it."
    )

    /// In characters; far beyond a title, so that the service's own sentence is what the model reads.
    static let textLengthMax = 65_536

    /// Lengths and characters are the service's to judge, whose refusal says what to do.
    static func text(_ name: String, _ description: String) -> Property {
        .required(name, .string(lengthMax: textLengthMax), description: description)
    }
}
