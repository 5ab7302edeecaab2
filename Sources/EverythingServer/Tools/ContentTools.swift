import Martlet

/// A tool for each kind of content, and one that fails.
enum ContentTools {
    static let all = [simpleText, image, audio, embeddedResource, multipleTypes, errorHandling]

    private static let simpleText = Tool("test_simple_text", "Answers with text.") { _, _ in
        .text("This is a simple text response for testing.")
    }

    private static let image = Tool("test_image_content", "Answers with a picture.") { _, _ in
        ToolResult([.image(FixtureBytes.png, mimeType: "image/png")])
    }

    private static let audio = Tool("test_audio_content", "Answers with a sound.") { _, _ in
        ToolResult([.audio(FixtureBytes.wav, mimeType: "audio/wav")])
    }

    private static let embeddedResource = Tool(
        "test_embedded_resource",
        "Answers with a resource inside the message."
    ) { _, _ in
        ToolResult([
            .resource(
                .text("This is an embedded resource content.", uri: "test://embedded-resource")
            )
        ])
    }

    private static let multipleTypes = Tool(
        "test_multiple_content_types",
        "Answers with text, a picture and a resource."
    ) { _, _ in
        ToolResult([
            .text("Multiple content types test:"),
            .image(FixtureBytes.png, mimeType: "image/png"),
            .resource(
                .text(
                    #"{"test":"data","value":123}"#,
                    uri: "test://mixed-content-resource",
                    mimeType: "application/json"
                )
            ),
        ])
    }

    private static let errorHandling = Tool(
        "test_error_handling",
        "Fails, always."
    ) { _, _ throws(RequestFailure) in
        throw .rejected(message: "This tool intentionally returns an error for testing")
    }
}
