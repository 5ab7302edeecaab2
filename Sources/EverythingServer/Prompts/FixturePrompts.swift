import Martlet

/// A prompt for each thing that a prompt can do.
enum FixturePrompts {
    static let all = [simple, withArguments, withResource, withImage, askingFirst]

    private static let simple = Prompt(
        name: "test_simple_prompt",
        title: "Simple Prompt",
        description: "A prompt without arguments.",
        permission: EverythingFeatures.permission
    ) { _, _ in
        PromptResult([.init(.user, .text("This is a simple prompt for testing."))])
    }

    private static let withArguments = Prompt(
        name: "test_prompt_with_arguments",
        title: "Prompt With Arguments",
        description: "A prompt that repeats its arguments.",
        arguments: [
            argument("arg1", "First test argument", ["paris", "park", "party", "test"]),
            argument("arg2", "Second test argument", ["one", "only", "two"]),
        ],
        permission: EverythingFeatures.permission
    ) { arguments, _ in
        let first = arguments.string("arg1") ?? ""
        let second = arguments.string("arg2") ?? ""
        return PromptResult([
            .init(.user, .text("Prompt with arguments: arg1='\(first)', arg2='\(second)'"))
        ])
    }

    private static let withResource = Prompt(
        name: "test_prompt_with_embedded_resource",
        title: "Prompt With Embedded Resource",
        description: "A prompt with a resource inside.",
        arguments: [
            argument(
                "resourceUri",
                "URI of the resource to embed",
                ["test://static-text", "test://static-binary"]
            )
        ],
        permission: EverythingFeatures.permission
    ) { arguments, _ in
        PromptResult([
            .init(
                .user,
                .resource(
                    .text(
                        "Embedded resource content for testing.",
                        uri: arguments.string("resourceUri") ?? ""
                    )
                )
            ),
            .init(.user, .text("Please process the embedded resource above.")),
        ])
    }

    private static let withImage = Prompt(
        name: "test_prompt_with_image",
        title: "Prompt With Image",
        description: "A prompt with a picture.",
        permission: EverythingFeatures.permission
    ) { _, _ in
        PromptResult([
            .init(.user, .image(FixtureBytes.png, mimeType: "image/png")),
            .init(.user, .text("Please analyze the image above.")),
        ])
    }

    /// Asks the user before it is written.
    private static let askingFirst = Prompt(
        name: "test_input_required_result_prompt",
        title: "Prompt That Asks",
        description: "A prompt that asks the user for its context.",
        permission: EverythingFeatures.permission
    ) { _, context throws(RequestFailure) in
        let answer = try await context.elicit(
            "user_context",
            "What context should the prompt use?",
            ElicitationForm([.text("context")])
        )
        let text = answer.content.string("context") ?? "none"
        return PromptResult([.init(.user, .text("Prompt with context: \(text)"))])
    }

    private static func argument(
        _ name: String,
        _ description: String,
        _ values: [String]
    ) -> Prompt.Argument {
        Prompt.Argument(
            name,
            description: description,
            isRequired: true,
            completion: .oneOf(values, permission: EverythingFeatures.permission)
        )
    }
}
