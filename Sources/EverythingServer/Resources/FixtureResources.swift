import Martlet

/// Resources that never change.
enum FixtureResources {
    static let all = [text, binary, askingFirst]

    /// Resources of the template, found when the list is asked for.
    static let sources = [
        ResourceSource(permission: EverythingFeatures.permission) { after, countMax, _ in
            // Whatever a client makes up as the place to go on from, it goes on somewhere.
            let first = after.flatMap { Int($0) }.map { min(max($0, 1), 4) } ?? 1
            let numbers = (first...4).prefix(countMax).filter { $0 < 4 }
            let next = numbers.last.map { $0 + 1 } ?? 4
            return ResourcePage(
                numbers.map { number in
                    .init(
                        uri: "test://template/\(number)/data",
                        name: "template-\(number)",
                        description: "Data for \(number).",
                        mimeType: "application/json"
                    )
                },
                next: next < 4 ? "\(next)" : nil
            )
        }
    ]

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

    /// Asks the user before it is read.
    private static let askingFirst = Resource(
        .init(
            uri: "test://asking-resource",
            name: "asking-resource",
            title: "Resource That Asks",
            description: "A text that the user has to release.",
            mimeType: "text/plain"
        ),
        permission: EverythingFeatures.permission
    ) { uri, context throws(RequestFailure) in
        let answer = try await context.elicit(
            "release",
            "May the client read it?",
            ElicitationForm([.boolean("ok")])
        )
        let isReleased = answer.content.bool("ok") == true
        return [.text(isReleased ? "Released content." : "Withheld.", uri: uri)]
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
