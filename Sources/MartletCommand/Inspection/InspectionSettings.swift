import AccessControl
import JWT
import Martlet

/// The server that a token is held against.
struct InspectionSettings {
    let trial: PolicyTrial
    let issuers: [TrustedIssuer]
    let clockSkewSeconds: Int

    /// - Parameters:
    ///   - settings: As `serve` would read them; afterwards it knows every mistake.
    ///   - keySet: A JWK Set with the keys of issuers whose keys are elsewhere.
    /// - Throws: The exit status after the mistakes have been printed, and whatever keeps a server
    ///   with these settings from starting.
    init(_ settings: inout SettingsReader, keySet: KeySetFile?) throws {
        let state = StateDirectory(
            path: settings.text(.stateDirectory)?.text ?? StateDirectory.pathDefault
        )
        let serve = ServeSettings(
            &settings,
            // Read where there is one, and never made.
            isDevelopment: state.tokenKeyFile.exists,
            descriptorCountMax: .max
        )
        let canonicalURI = serve.place.canonicalURI
        if canonicalURI == nil { settings.report(.secret(.audienceUnknown)) }
        let operations = try TodoTrial.operations()
        for mistake in serve.policies.mistakes(for: operations) { settings.report(mistake) }
        try CommandFailure.check(settings.mistakes)
        guard let canonicalURI, let url = PublicURL(canonicalURI) else {
            throw CommandFailure.configurationStatus
        }
        var configuration = try serve.configuration(
            secret: serve.trust.own?.loadSecret(),
            sealKey: .random()
        )
        if let keySet {
            for index in configuration.issuers.indices {
                try keySet.give(to: &configuration.issuers[index])
            }
        }
        trial = try PolicyTrial(
            configuration,
            canonicalURI: canonicalURI,
            operations: operations
        )
        issuers = try configuration.issuers.map { issuer throws(KeyError) in
            try issuer.trustedIssuer(audiences: url.audiences)
        }
        clockSkewSeconds = Int(clamping: configuration.clockSkewSeconds)
    }
}
