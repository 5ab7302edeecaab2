import AccessControl
import ArgumentParser
import JWT
import Libuv

/// Signs a token that a server with the same settings accepts.
package struct TokenCommand: ParsableCommand {
    enum RoleName: String, ExpressibleByArgument, CaseIterable {
        case admin, user, readonly
    }

    package static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Print a token for the server with the same settings.",
        discussion: """
            The token is the only thing on standard output. Settings are read as `serve` reads \
            them, so that environment, configuration file and state directory must be the same.
            """
    )

    @Option(help: "What its bearer may do.")
    var role: RoleName

    @Option(help: "Whom it names (default: the role).")
    var subject: String?

    @Option(help: "The workspace its bearer works in (default: the one that all share).")
    var workspace: String?

    @Option(help: "How long it is good, such as 3600, 90m, 24h or 7d (default: JWT_EXPIRY).")
    var expires: String?

    @Option(help: "Scope that narrows the role, such as \"read:todos list:tools call:tools\".")
    var scope: String?

    @OptionGroup(title: "Settings")
    var place: PlaceFlags

    package init() {}

    package func validate() throws {
        if let subject {
            let isPrintable = subject.unicodeScalars.allSatisfy {
                $0.properties.generalCategory != .control
            }
            guard isPrintable, (1...255).contains(subject.utf8.count) else {
                throw ValidationError("--subject must be 1 to 255 bytes without control characters")
            }
        }
        if let workspace, Workspace(workspace) == nil {
            throw ValidationError(
                """
                --workspace must be 1 to \(Workspace.nameByteCountMax) visible ASCII characters, \
                the first of which is no tilde
                """
            )
        }
        if let expires, TimeSpan.seconds(expires) == nil {
            throw ValidationError(
                "--expires must be a time such as 3600, 90m, 24h or 7d, of 1 second to 366 days"
            )
        }
    }

    package func run() throws {
        do {
            try printToken()
        } catch {
            throw CommandFailure.status(of: error)
        }
    }

    private func printToken() throws {
        var settings = place.reader()
        let state = StateDirectory(
            path: settings.text(.stateDirectory)?.text ?? StateDirectory.pathDefault
        )
        let keyFile = state.tokenKeyFile
        let issuer = IssuerSettings(
            &settings,
            state: state,
            missingSecret: keyFile.exists ? nil : .noneToSignWith(keyFile: keyFile.path)
        )
        let audience = issuer.audiences.first ?? WhereSettings(&settings).canonicalURI
        if audience == nil { settings.report(.secret(.audienceUnknown)) }
        try CommandFailure.check(settings.mistakes)
        guard let audience else { return }

        var request = TokenRequest(
            role: role.rawValue,
            subject: subject ?? role.rawValue,
            seconds: expires.flatMap { TimeSpan.seconds($0) } ?? issuer.tokenSeconds
        )
        request.workspace = workspace.flatMap { Workspace($0) }
        request.scope = scope
        let token = try request.sign(
            as: issuer,
            audience: audience,
            secret: issuer.loadSecret(),
            now: NumericDate(seconds: WallClock.secondsSinceEpoch())
        )
        try OutputDescriptor.standardOutput.write("\(token)\n".utf8.span)
    }
}
