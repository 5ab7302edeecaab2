import AccessControl
import Libuv
import MCP
import Martlet
import TodoServer
import Todos

/// What the to-do server with the same settings would decide.
enum TodoTrial {
    /// What the to-do server has that a policy can have rules for.
    ///
    /// - Throws: ``LibuvError`` when the process is out of threads or descriptors, and
    ///   ``FeatureRegistryError``.
    static func operations() throws -> [OperationDeclaration] {
        // Tools are made for loops to run on; these are never asked to run anything.
        let group = try EventLoopGroup(count: 1)
        defer { group.stop() }
        let features = TodoFeatures.features(
            store: MemoryTodoStore(),
            group: group,
            changes: ChangeAnnouncer()
        )
        return try FeatureRegistry(features).operations
    }

    /// Refuses policies that name what the server does not have.
    ///
    /// - Throws: The exit status after the mistakes have been printed.
    static func check(_ policies: PolicySettings) throws {
        guard policies.isNamed else { return }
        try CommandFailure.check(policies.mistakes(for: operations()))
    }

    /// - Parameters:
    ///   - settings: What is set.
    ///   - isTokenNeeded: Whether there must be keys to verify a token with.
    /// - Returns: What decides as a server with these settings.
    /// - Throws: The exit status after the mistakes have been printed, and whatever keeps a server
    ///   with these settings from starting.
    static func make(
        _ settings: inout SettingsReader,
        isTokenNeeded: Bool
    ) throws -> PolicyTrial {
        let state = StateDirectory(
            path: settings.text(.stateDirectory)?.text ?? StateDirectory.pathDefault
        )
        let serve = ServeSettings(
            &settings,
            isDevelopment: !isTokenNeeded || state.tokenKeyFile.exists,
            descriptorCountMax: .max
        )
        let canonicalURI = serve.place.canonicalURI
        if canonicalURI == nil, isTokenNeeded { settings.report(.secret(.audienceUnknown)) }
        let operations = try operations()
        for mistake in serve.policies.mistakes(for: operations) { settings.report(mistake) }
        try CommandFailure.check(settings.mistakes)
        let configuration = try serve.configuration(
            secret: isTokenNeeded ? serve.trust.own?.loadSecret() : nil,
            sealKey: .random()
        )
        return try PolicyTrial(
            configuration,
            canonicalURI: canonicalURI ?? "http://localhost/mcp",
            operations: operations
        )
    }
}
