public import AccessControl
internal import JSONSchema

extension Tool {
    /// A tool whose arguments are declared once: the declaration describes them to the model, checks
    /// what comes, and hands them over as values.
    ///
    ///     Tool(
    ///         "greet",
    ///         "Greets somebody by name.",
    ///         permission: Permission("greet:people"),
    ///         .string("name", "Who is greeted.", lengthMax: 100)
    ///     ) { context, name in
    ///         .text("Hello, \(name)!")
    ///     }
    public init<each Value: Sendable>(
        _ name: String,
        _ description: String,
        title: String? = nil,
        annotations: ToolAnnotations = ToolAnnotations(),
        permission: Permission,
        _ parameters: repeat Parameter<each Value>,
        call:
            @escaping @Sendable (
                RequestContext, repeat each Value
            ) async throws(RequestFailure) -> ToolResult
    ) {
        var properties: [Property] = []
        for parameter in repeat each parameters { properties.append(parameter.property) }
        self.init(
            name: name,
            title: title,
            description: description,
            input: ObjectSchema(properties),
            annotations: annotations,
            permission: permission
        ) { arguments, context throws(RequestFailure) in
            try await call(context, repeat (each parameters).read(arguments))
        }
    }

    /// The same, with a result whose shape is declared once too.
    public init<each Value: Sendable, Result>(
        _ name: String,
        _ description: String,
        title: String? = nil,
        annotations: ToolAnnotations = ToolAnnotations(),
        permission: Permission,
        returning shape: ResultShape<Result>,
        _ parameters: repeat Parameter<each Value>,
        call:
            @escaping @Sendable (
                RequestContext, repeat each Value
            ) async throws(RequestFailure) -> Result
    ) {
        var properties: [Property] = []
        for parameter in repeat each parameters { properties.append(parameter.property) }
        self.init(
            name: name,
            title: title,
            description: description,
            input: ObjectSchema(properties),
            output: shape.schema,
            annotations: annotations,
            permission: permission
        ) { arguments, context throws(RequestFailure) in
            let result = try await call(context, repeat (each parameters).read(arguments))
            return .structured(shape.encode(result))
        }
    }
}
