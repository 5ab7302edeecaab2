import ArgumentParser
import JWT
import Libuv

/// Signs a token that a server with the same settings accepts.
package struct TokenSignCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Print a token for the server with the same settings (the default).",
        discussion: """
            The token is the only thing on standard output. Settings are read as `serve` reads \
            them, so that environment, configuration file and state directory must be the same. \
            With --key-file the token is signed with a private key in place of the secret.
            """
    )

    @Option(help: "What its bearer may do: admin, user or readonly.")
    var role: String?

    @Option(help: "Whom it names (default: the role).")
    var subject: String?

    @Option(help: "The workspace its bearer works in (default: the one that all share).")
    var workspace: String?

    @Option(help: "How long it is good, such as 3600, 90m, 24h or 7d (default: JWT_EXPIRY).")
    var expires: String?

    @Option(help: "Scope that narrows the role, such as \"read:todos list:tools call:tools\".")
    var scope: String?

    @Option(
        help: ArgumentHelp(
            "Whom it is for (repeatable; default: the first of JWT_AUDIENCE, else the URL).",
            valueName: "uri"
        )
    )
    var audience: [String] = []

    @Option(help: ArgumentHelp("at+jwt (RFC 9068) or JWT (default: JWT).", valueName: "typ"))
    var type: String?

    @Option(
        help: ArgumentHelp("Another claim, or another value for one.", valueName: "name=json")
    )
    var claim: [String] = []

    @Option(
        help: ArgumentHelp("File with a private key: a JWK Set, a JWK or PEM.", valueName: "file")
    )
    var keyFile: String?

    @Option(help: ArgumentHelp("What it is signed with, such as ES256.", valueName: "name"))
    var algorithm: String?

    @OptionGroup(title: "Settings")
    var place: PlaceFlags

    package init() {}

    package func validate() throws {
        let mistakes = readFlags().mistakes
        guard mistakes.isEmpty else {
            throw ValidationError(mistakes.map { "\($0)" }.joined(separator: "\n"))
        }
    }

    package func run() throws {
        do {
            let token: String
            if let keyFile {
                token = try signed(withKeyIn: keyFile)
            } else {
                token = try signedWithSecret()
            }
            let line = "\(token)\n"
            try OutputDescriptor.standardOutput.write(line.utf8.span)
        } catch {
            throw CommandFailure.status(of: error)
        }
    }

    /// The flags, all of which are read whatever is wrong with them.
    private func readFlags() -> (
        request: TokenRequest, seconds: Int64?, algorithm: SignatureAlgorithm?,
        mistakes: [TokenFlagMistake]
    ) {
        var reader = TokenFlagReader()
        let claims = reader.claims(claim)
        let role = reader.role(role, isOptional: !claims.isEmpty)
        let seconds = reader.seconds(expires)
        var request = TokenRequest(
            role: role,
            subject: reader.subject(subject) ?? role ?? "somebody",
            seconds: seconds ?? 0
        )
        request.workspace = reader.workspace(workspace)
        request.scope = scope
        request.type = reader.type(type)
        request.claims = claims
        _ = reader.audiences(audience)
        let algorithm = reader.algorithm(algorithm, hasKeyFile: keyFile != nil)
        return (request, seconds, algorithm, reader.mistakes)
    }

    private func signedWithSecret() throws -> String {
        let flags = readFlags()
        var settings = place.reader(
            and: flags.algorithm.map { [.jwtAlgorithm: [$0.rawValue]] } ?? [:]
        )
        let state = StateDirectory(
            path: settings.text(.stateDirectory)?.text ?? StateDirectory.pathDefault
        )
        let keyFile = state.tokenKeyFile
        let issuer = IssuerSettings(
            &settings,
            state: state,
            missingSecret: keyFile.exists
                ? nil
                : .noneToSignWith(
                    keyFile: keyFile.path,
                    hasOtherIssuers: !settings.issuers.isEmpty
                )
        )
        let audiences = try audiences(issuer.audiences, &settings)
        var request = flags.request
        request.seconds = flags.seconds ?? issuer.tokenSeconds
        let secret = try issuer.loadSecret()
        let key = try HMACKey(issuer.algorithm, secret: secret.span)
        return request.sign(
            by: TokenSigner(key: key, type: request.type),
            as: issuer.name,
            audiences: audiences,
            now: now
        )
    }

    private func signed(withKeyIn path: String) throws -> String {
        let flags = readFlags()
        var settings = place.reader()
        let issuer = settings.text(.jwtIssuer)?.text ?? "martlet"
        let day: Int64 = 86_400
        let seconds =
            settings.text(.jwtExpiry) { TimeSpan.seconds($0) != nil }
            .flatMap { TimeSpan.seconds($0) } ?? day
        let audiences = try audiences(settings.list(.jwtAudience) { _ in true }, &settings)
        var request = flags.request
        request.seconds = flags.seconds ?? seconds
        let key = try TokenKeyFile(path: path).read(flags.algorithm)
        return request.sign(
            by: TokenSigner(key: key, type: request.type),
            as: issuer,
            audiences: audiences,
            now: now
        )
    }

    /// Whom the token is for, by flag, by setting or by the URL of the server.
    private func audiences(
        _ configured: [String],
        _ settings: inout SettingsReader
    ) throws -> [String] {
        var audiences = audience
        if audiences.isEmpty, let first = configured.first { audiences = [first] }
        if audiences.isEmpty, let uri = WhereSettings(&settings).canonicalURI { audiences = [uri] }
        if audiences.isEmpty { settings.report(.secret(.audienceUnknown)) }
        try CommandFailure.check(settings.mistakes)
        return audiences
    }

    private var now: NumericDate { NumericDate(seconds: WallClock.secondsSinceEpoch()) }
}
