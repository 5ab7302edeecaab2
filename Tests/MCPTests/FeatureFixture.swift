import AccessControl
import Bytes
import JSONSchema
import MCP

extension ServerFeatures {
    /// One of each kind, and some that only an admin may have.
    static let several: ServerFeatures = {
        guard let template = URITemplate("test://items/{id}") else {
            preconditionFailure("the template is well-formed")
        }
        let proposals = CompletionSource(permission: .readTodos) { value, others, _ in
            Completion((0..<150).map { "\(others["kind"] ?? "")\(value)\($0)" }, total: 150)
        }
        return ServerFeatures(
            tools: [.list],
            resources: [
                Resource(
                    .init(
                        uri: "test://text",
                        name: "text",
                        title: "Text",
                        mimeType: "text/plain",
                        size: 4,
                        icons: [Icon("data:,", sizes: ["any"], theme: .dark)],
                        annotations: ContentAnnotations(audience: [.user], priority: 0.5)
                    ),
                    permission: .readTodos
                ) { uri, _ in [.text("text", uri: uri), .bytes(ByteBuffer("\u{1}"), uri: uri)] },
                Resource(.init(uri: "test://secret", name: "secret"), permission: .deleteTodos) {
                    uri,
                    _ in [.text("secret", uri: uri)]
                },
            ],
            resourceTemplates: [
                ResourceTemplate(
                    template,
                    name: "item",
                    permission: .readTodos,
                    completions: ["id": proposals]
                ) { uri, variables, _ throws(RequestFailure) in
                    guard variables["id"] != "0" else { throw .notFound }
                    return [.text(variables["id"] ?? "", uri: uri)]
                }
            ],
            prompts: [
                Prompt(
                    name: "review",
                    title: "Review",
                    description: "Reviews.",
                    arguments: [
                        .init("what", isRequired: true, completion: proposals),
                        .init("tone", description: "How.", isRequired: false),
                    ],
                    permission: .readTodos
                ) { arguments, _ throws(RequestFailure) in
                    if arguments.string("what") == "nothing" {
                        throw .rejected(message: "There is nothing to review.")
                    }
                    return PromptResult(
                        description: "A review",
                        [.init(.user, .text("Review \(arguments.string("what") ?? "")."))]
                    )
                },
                Prompt(name: "purge", description: "Purges.", permission: .deleteTodos) { _, _ in
                    PromptResult([])
                },
            ]
        )
    }()
}
