import Martlet

/// Resources that never change.
enum FixtureResources {
    static let all = [text, binary]

    private static let text = Resource(
        .init(
            uri: "test://static-text",
            name: "static-text",
            title: "Static Text Resource",
            description: "A text that never changes.",
            mimeType: "text/plain"
        ),
        permission: EverythingFeatures.permission
    ) { uri, _ in
        [.text("This is the content of the static text resource.", uri: uri)]
    }

    private static let binary = Resource(
        .init(
            uri: "test://static-binary",
            name: "static-binary",
            title: "Static Binary Resource",
            description: "A picture that never changes.",
            mimeType: "image/png",
            size: FixtureBytes.png.count
        ),
        permission: EverythingFeatures.permission
    ) { uri, _ in
        [.bytes(FixtureBytes.png, uri: uri, mimeType: "image/png")]
    }

    static var templates: [ResourceTemplate] {
        guard let template = URITemplate("test://template/{id}/data") else {
            preconditionFailure("the fixture's template is well-formed")
        }
        return [
            ResourceTemplate(
                template,
                name: "template",
                title: "Resource Template",
                description: "Data for any id.",
                mimeType: "application/json",
                permission: EverythingFeatures.permission,
                completions: [
                    "id": .oneOf(
                        ["1", "10", "100", "abc"],
                        permission: EverythingFeatures.permission
                    )
                ]
            ) { uri, variables, _ in
                [.text(data(variables["id"] ?? ""), uri: uri, mimeType: "application/json")]
            }
        ]
    }

    private static func data(_ id: String) -> String {
        RawJSON { writer in
            writer.beginObject()
            writer.name("id")
            writer.string(id)
            writer.name("templateTest")
            writer.bool(true)
            writer.name("data")
            writer.string("Data for ID: \(id)")
            writer.endObject()
        }.description
    }
}
