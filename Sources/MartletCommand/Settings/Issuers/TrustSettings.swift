import JWT
import Martlet

/// Whose tokens a server accepts: those of the issuer it shares a secret with, and those of the
/// issuers in the configuration file.
package struct TrustSettings: Sendable {
    /// `nil` where only issuers of the file are trusted.
    package let own: IssuerSettings?

    /// In the order of the file.
    package let others: [IssuerConfiguration]

    /// What is wrong with keys, but keeps nobody from serving.
    package let warnings: [String]

    /// - Parameters:
    ///   - settings: What is set; afterwards it knows every mistake.
    ///   - state: Where a development server keeps its key.
    ///   - isDevelopment: Whether a key may be made.
    package init(
        _ settings: inout SettingsReader,
        state: StateDirectory,
        isDevelopment: Bool
    ) {
        var keys = IssuerKeys(path: settings.filePath)
        var others: [IssuerConfiguration] = []
        for entry in settings.issuers {
            let source = keys.source(for: entry)
            if let configuration = entry.configuration(keys: source) {
                others.append(configuration)
            }
        }
        for mistake in keys.mistakes { settings.report(mistake) }
        self.others = others
        warnings = keys.warnings

        let isNeeded = isDevelopment || settings.issuers.isEmpty
        guard isNeeded || IssuerSettings.isConfigured(&settings) else {
            own = nil
            for setting in [Setting.jwtIssuer, .jwtAudience, .jwtAlgorithm] {
                guard let origin = settings.origin(of: setting) else { continue }
                settings.report(.value(.withoutSecret(setting, origin)))
            }
            return
        }
        let own = IssuerSettings(
            &settings,
            state: state,
            missingSecret: isDevelopment ? nil : .noneToVerifyWith
        )
        self.own = own
        if let entry = settings.issuers.first(where: { $0.issuer == own.name }) {
            let reason = SectionMistake.Reason.duplicateIssuer(
                issuer: own.name,
                first: Setting.jwtIssuer.environmentName
            )
            settings.report(
                .section(SectionMistake(path: settings.filePath, place: entry.place, reason))
            )
        }
    }

    /// All of them as `Martlet` is told.
    ///
    /// - Parameter secret: What ``own`` signs with, if there is such an issuer.
    /// - Returns: ``own``, if there is such an issuer, and ``others``.
    /// - Throws: ``KeyError`` if the secret is too short.
    package func configurations(secret: [UInt8]?) throws(KeyError) -> [IssuerConfiguration] {
        guard let own, let secret else { return others }
        return [try own.configuration(secret: secret)] + others
    }
}
