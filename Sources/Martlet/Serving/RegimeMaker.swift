internal import AccessControl
internal import MCP

/// Makes regimes for one server: all that is needed besides a policy, which is the same each time.
struct RegimeMaker: Sendable {
    let description: ServerDescription
    let registry: FeatureRegistry
    let tools: [Tool]
    let publicURL: PublicURL
    let sealer: Sealer
    let shadowPolicyLog: ShadowPolicyLog

    /// The policies of a configuration, compiled.
    ///
    /// - Throws: ``ConfigurationError`` with what is wrong with either, or with the names that
    ///   issuers' scopes go by.
    static func policies(
        _ configuration: ServerConfiguration,
        _ registry: FeatureRegistry
    ) throws(ConfigurationError) -> PolicyPair {
        let policies = try PolicyPair(configuration, for: registry.operations)
        try ScopeNameCheck.check(configuration.issuers, under: policies.policy)
        return policies
    }

    /// - Throws: ``ConfigurationError`` if a feature requires what no policy can give.
    func make(
        _ policies: PolicyPair,
        _ configuration: ServerConfiguration
    ) throws(ConfigurationError) -> Regime {
        Regime(
            policies: policies,
            dispatcher: try MCPServer.dispatcher(
                description,
                registry,
                policies,
                shadowPolicyLog,
                sealer,
                configuration
            ),
            responses: responses(configuration, policies.policy),
            anonymousPrincipal: configuration.anonymousAccess?.principal(under: policies.policy)
        )
    }

    private func responses(
        _ configuration: ServerConfiguration,
        _ policy: AccessPolicy
    ) -> Responses {
        let scopes = basicScopes(policy)
        return Responses(
            isHTTPS: publicURL.scheme == "https",
            challenge: Challenge(
                resourceMetadata: publicURL.metadataURL,
                basicScopes: scopes,
                apiKeys: configuration.apiKeysPath == nil ? .ignored : .accepted
            ),
            serverName: description.name,
            serverVersion: description.version,
            metadata: ProtectedResourceMetadata.encode(
                resource: publicURL,
                issuers: configuration.issuers.map(\.issuer),
                scopes: scopes,
                name: description.title ?? description.name
            )
        )
    }

    /// What basic use needs: to list and call, and what tools that only read require.
    private func basicScopes(_ policy: AccessPolicy) -> [String] {
        let reading = tools.filter { $0.annotations.readOnly == true }
        let operations = [.listTools, .callTool] + reading.map { ProtectedOperation.tool($0.name) }
        var scopes: [String] = []
        for operation in operations {
            guard let requirement = policy.requirement(of: operation) else { continue }
            for permission in policy.permissions(in: requirement.permissionsOfFirstRule)
            where !scopes.contains(permission.name) {
                scopes.append(permission.name)
            }
        }
        return scopes
    }
}
