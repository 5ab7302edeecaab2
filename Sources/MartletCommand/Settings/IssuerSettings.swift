import AccessControl
import JWT
import Martlet

/// The issuer that a server trusts by a secret that both have: this command, or the tutorial's.
package struct IssuerSettings: Sendable {
    /// Where the secret comes from.
    package enum Secret: Sendable {
        /// Given by whoever runs the server.
        case given(String)
        /// Made by a development server, which keeps it in this file.
        case development(KeyFile)
    }

    /// A secret long enough for every algorithm, once it is written in base64.
    package static let developmentKeyByteCount = 48

    package let secret: Secret
    package let algorithm: HMACKey.Algorithm
    package let name: String

    /// What is configured or, for development, fixed; empty means the server's canonical URI.
    ///
    /// Fixed, so that a token is good for any port that the next development server listens on.
    package let audiences: [String]

    package let tokenSeconds: Int64

    /// - Parameters:
    ///   - settings: What is set.
    ///   - state: Where a development server keeps its key.
    ///   - missingSecret: What to report where there is no secret and none may be made, or `nil` if
    ///     the key of development does.
    package init(
        _ settings: inout SettingsReader,
        state: StateDirectory,
        missingSecret: SecretMistake?
    ) {
        let algorithm = settings.choice(
            .jwtAlgorithm,
            ["hs256": HMACKey.Algorithm.hs256, "hs384": .hs384, "hs512": .hs512],
            default: .hs256
        )
        self.algorithm = algorithm
        let issuer = settings.text(.jwtIssuer)?.text
        let audiences = settings.list(.jwtAudience) { _ in true }
        let day: Int64 = 86_400
        tokenSeconds =
            settings.text(.jwtExpiry) { TimeSpan.seconds($0) != nil }
            .flatMap { TimeSpan.seconds($0) } ?? day

        if let given = Self.givenSecret(&settings) {
            secret = .given(given.secret)
            do throws(KeyError) {
                _ = try HMACKey(algorithm, secret: given.secret.utf8.span)
            } catch {
                settings.report(.secret(.tooShort(error, source: given.source)))
            }
            name = issuer ?? "martlet"
            self.audiences = audiences
        } else {
            let isNamed = settings.text(.jwtSecretFile) != nil
            if let missingSecret, !isNamed { settings.report(.secret(missingSecret)) }
            secret = .development(state.tokenKeyFile)
            name = issuer ?? "martlet-development"
            self.audiences = audiences.isEmpty ? ["martlet-development"] : audiences
        }
    }

    /// Whether there is a secret, or should be one.
    static func isConfigured(_ settings: inout SettingsReader) -> Bool {
        settings.text(.jwtSecret) != nil || settings.text(.jwtSecretFile) != nil
    }

    /// The secret and what it was found in; none if there is none, or it cannot be read.
    private static func givenSecret(
        _ settings: inout SettingsReader
    ) -> (secret: String, source: String)? {
        let text = settings.text(.jwtSecret)
        let file = settings.text(.jwtSecretFile)
        if let text, let file, text.origin == file.origin {
            settings.report(.value(.twoAtOnce(.jwtSecret, .jwtSecretFile, text.origin)))
        }
        if let file, text.map({ file.origin.rawValue < $0.origin.rawValue }) ?? true {
            do throws(KeyFileError) {
                return (try KeyFile(path: file.text).read(), file.text)
            } catch {
                settings.report(.secret(.file(error)))
                return nil
            }
        }
        return text.map { ($0.text, Setting.jwtSecret.environmentName) }
    }

    /// The secret itself, which a development server makes if it has none yet.
    ///
    /// - Throws: ``KeyFileError``
    package func loadSecret() throws(KeyFileError) -> [UInt8] {
        switch secret {
        case .given(let text):
            return Array(text.utf8)
        case .development(let file):
            return Array(try file.readOrMake(byteCount: Self.developmentKeyByteCount).utf8)
        }
    }

    /// The issuer as a server trusts it.
    ///
    /// Whoever has the secret can claim any role, so it may claim any workspace as well; a token
    /// that names none works in the shared one.
    ///
    /// - Throws: ``KeyError`` if the secret is too short.
    package func configuration(secret: [UInt8]) throws(KeyError) -> IssuerConfiguration {
        IssuerConfiguration(
            name,
            audiences: audiences,
            keys: .keys([try KeyMaterial.secret(secret, algorithm)]),
            workspace: WorkspaceRule(
                claimPath: [TokenRequest.workspaceClaim.text],
                names: .any,
                absence: .fixed(.shared)
            )
        )
    }
}
