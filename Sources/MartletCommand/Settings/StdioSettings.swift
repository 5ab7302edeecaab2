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
    ///   - token: What the environment says.
    ///   - descriptorCountMax: How many files the process may have open.
    package init(
        _ settings: inout SettingsReader,
        role: String?,
        token: String?,
        descriptorCountMax: Int
    ) {
        // Whose tokens are good says somebody else then, and the key of development is not made.
        let trustsOthers = !settings.issuers.isEmpty || IssuerSettings.isConfigured(&settings)
        service = ServeSettings(
            &settings,
            isDevelopment: !trustsOthers,
            descriptorCountMax: descriptorCountMax
        )
        let token = token.flatMap { $0.isEmpty ? nil : $0 }
        switch (token, role) {
        case (let token?, nil):
            credentials = .token(token)
        case (nil, let role?) where !trustsOthers:
            credentials = .role(role)
        case (nil, _?):
            credentials = nil
            settings.report(.caller(.roleBesideIssuers))
        case (_?, _?):
            credentials = nil
            settings.report(.caller(.tokenAndRole))
        case (nil, nil):
            credentials = nil
            settings.report(.caller(.none))
        }
    }
}

/// Nothing says, or too much, who a process on standard input and output acts for.
package enum CallerMistake: Hashable, Sendable {
    case none
    case tokenAndRole
    /// A role is not to be had for the asking where tokens are what counts.
    case roleBesideIssuers
}

extension CallerMistake: CustomStringConvertible {
    package var description: String {
        let variable = StdioCommand.tokenVariable
        return switch self {
        case .none:
            """
            nothing says who the process acts for; set \(variable) to a token (`martlet token \
            --role ROLE` makes one), or, where no secret and no issuer is set, name a role with \
            --role admin, user or readonly
            """
        case .tokenAndRole:
            "\(variable) and --role both say who the process acts for; leave one of them out"
        case .roleBesideIssuers:
            """
            --role is for trying things out, and a secret or an issuer is set: set \(variable) to \
            a token instead
            """
        }
    }
}
