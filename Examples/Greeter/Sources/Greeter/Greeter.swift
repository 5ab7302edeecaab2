import Martlet

/// A server of one's own: one tool, and who may call it.
///
///     GREETER_SECRET=$(openssl rand -base64 48) swift run Greeter 127.0.0.1:3000
@main
struct Greeter {
    static let greet = Tool(
        "greet",
        "Greets somebody by name.",
        annotations: ToolAnnotations(readOnly: true),
        permission: Permission("greet:people"),
        .string("name", "Who is greeted.", lengthMin: 1, lengthMax: 100)
    ) { context, name throws(RequestFailure) in
        if name == "Voldemort" { throw .rejected(message: "That name is not said here.") }
        return .text("Hello, \(name)! \(context.principal.subject.name) sends regards.")
    }

    static func main() async throws {
        guard let address = SocketAddress(CommandLine.arguments.dropFirst().first ?? ""),
            let secret = Terminal.variable("GREETER_SECRET")
        else { throw Usage() }

        var configuration = ServerConfiguration(
            addresses: [address],
            issuers: [
                IssuerConfiguration(
                    "https://issuer.example",
                    keys: [.secret(Array(secret.utf8), algorithm: .hs256, keyID: nil)],
                    workspace: .shared
                )
            ],
            sealKey: .random()
        )
        configuration.roles = [
            Role("host", .permissions([.listTools, .callTools, greet.permission])),
            Role("guest", .permissions([.listTools])),
        ]
        let server = try MCPServer(
            ServerDescription(name: "greeter", version: "1.0.0"),
            features: ServerFeatures(tools: [greet]),
            configuration,
            loopCount: 1
        )
        try await server.run { Terminal.say("listening on \(server.url)") }
    }
}
