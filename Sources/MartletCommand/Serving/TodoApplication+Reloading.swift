import AccessControl
import Logging
import Martlet

extension TodoApplication {
    /// Takes over keys, policy and whose tokens are accepted as the files say now.
    ///
    /// Whatever is wrong with them is logged, and then nothing changes.
    func reload(_ server: MCPServer, _ read: SettingsSource) async {
        let (settings, mistakes) = read()
        do {
            var all = mistakes
            if settings.policies.isNamed {
                all += settings.policies.mistakes(for: try TodoTrial.operations())
                    .filter { !mistakes.contains($0) }
            }
            guard all.isEmpty else {
                for mistake in all { logger.error("\(mistake)") }
                return logger.error("not reloaded: all stays as it was")
            }
            for warning in settings.trust.warnings + settings.tls.warnings {
                logger.warning("\(warning)")
            }
            let secret = try settings.trust.own?.loadSecret()
            try await server.reload(
                issuers: try settings.trust.configurations(secret: secret),
                policy: settings.policies.policy?.document ?? PolicyDocument(),
                shadowPolicy: settings.policies.shadowPolicy?.document
            )
            if let identity = settings.tls.identity { server.replaceCertificate(with: identity) }
            logger.notice("reloaded: keys, policy, deny list, certificates")
        } catch {
            logger.error("not reloaded, all stays as it was: \(error)")
        }
    }
}
