internal import JWT
internal import Libuv
internal import Logging
internal import MCP
internal import Telemetry

/// What a server on standard input and output is made of: constants, checked.
struct StdioSetup: Sendable {
    let dispatcher: Dispatcher
    let policies: PolicyPair
    let configuration: ServerConfiguration
    let credentials: StdioCredentials
    let publicURL: PublicURL
    let remoteIssuers: [RemoteIssuer]

    /// `nil` where every key is known from the start.
    let keyDistribution: KeyDistribution?
    let accessContent: AccessLists.Content
    let accessListWatch: AccessListWatch?
    let shadowPolicyLog: ShadowPolicyLog?

    /// `nil` where lines are not recorded.
    let accessLog: LoopAccessLog?

    /// `nil` where decisions are not recorded.
    let auditLog: AuditLog?
    let changes: ChangeAnnouncer

    /// `nil` where no tool runs as a task.
    let tasks: TaskKeeper?
    let input: InputDescriptor
    let output: OutputDescriptor
    let logger: Logger

    /// - Precondition: The configuration was accepted by the same call before.
    func makeAuthenticator() -> Authenticator {
        do throws(ConfigurationError) {
            return try Self.authenticator(configuration, publicURL, policies)
        } catch {
            preconditionFailure("the same configuration was accepted before: \(error)")
        }
    }

    static func authenticator(
        _ configuration: ServerConfiguration,
        _ publicURL: PublicURL,
        _ policies: PolicyPair
    ) throws(ConfigurationError) -> Authenticator {
        try Authenticator(
            issuers: configuration.issuers,
            canonicalURL: publicURL,
            policy: policies,
            clockSkewSeconds: configuration.clockSkewSeconds
        )
    }
}
