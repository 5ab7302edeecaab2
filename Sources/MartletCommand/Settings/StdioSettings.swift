import Martlet

/// All that a server on standard input and output is told, checked.
package struct StdioSettings: Sendable {
    /// As `martlet serve` reads them; what is of HTTP does not count.
    package let service: ServeSettings

    /// `nil` if nobody says who the process acts for, which has been reported.
    package let credentials: StdioCredentials?

    /// - Parameters:
    ///   - settings: What is set; afterwards it knows every mistake.
    ///   - role: What `--role` says.
    ///   - token: A token, as the environment says.
    ///   - apiKey: An API key, as the environment says.
    ///   - descriptorCountMax: How many files the process may have open.
    package init(
        _ settings: inout SettingsReader,
        role: String?,
        token: String?,
        apiKey: String?,
        descriptorCountMax: Int
    ) {
        // Whose tokens are good says somebody else then, and the key of development is not made.
        let trustsOthers = !settings.issuers.isEmpty || IssuerSettings.isConfigured(&settings)
        service = ServeSettings(
            &settings,
            isDevelopment: !trustsOthers,
            descriptorCountMax: descriptorCountMax
        )
        let hasAPIKeys = service.accessLists.apiKeysPath != nil
        switch (Self.text(token), Self.text(apiKey), role) {
        case (let token?, nil, nil):
            credentials = .token(token)
        case (nil, let key?, nil) where hasAPIKeys:
            credentials = .apiKey(key)
        case (nil, _?, nil):
            credentials = nil
            settings.report(.caller(.apiKeyWithoutFile))
        case (nil, nil, let role?) where !trustsOthers:
            credentials = .role(role)
        case (nil, nil, _?):
            credentials = nil
            settings.report(.caller(.roleBesideIssuers))
        case (nil, nil, nil):
            credentials = nil
            settings.report(.caller(.none))
        default:
            credentials = nil
            settings.report(.caller(.several))
        }
    }

    /// What is set to nothing is not set.
    private static func text(_ variable: String?) -> String? {
        variable.flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// Nothing says, or too much, who a process on standard input and output acts for.
package enum CallerMistake: Hashable, Sendable {
    case none
    case several
    case apiKeyWithoutFile
    /// A role is not to be had for the asking where tokens are what counts.
    case roleBesideIssuers
}

extension CallerMistake: CustomStringConvertible {
    package var description: String {
        let variable = StdioCommand.tokenVariable
        let keyVariable = StdioCommand.apiKeyVariable
        return switch self {
        case .none:
            """
            nothing says who the process acts for; set \(variable) to a token (`martlet token \
            --role ROLE` makes one), or \(keyVariable) to an API key, or, where no secret and no issuer is set, name a role with \
            --role admin, user or readonly
            """
        case .several:
            """
            more than one of \(variable), \(keyVariable) and --role say who the process acts for; \
            leave one
            """
        case .apiKeyWithoutFile:
            """
            \(keyVariable) is set, and no API keys are accepted; name the file that \
            `martlet apikey` writes with --api-keys-file
            """
        case .roleBesideIssuers:
            """
            --role is for trying things out, and a secret or an issuer is set: set \(variable) to \
            a token instead
            """
        }
    }
}
