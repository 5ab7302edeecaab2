import ArgumentParser

/// Flags of serving alone, but for limits.
struct ServeFlags: ParsableArguments {
    @Flag(
        name: .customLong(Setting.behindProxy.rawValue),
        help: "A proxy that speaks TLS is in front: addresses others can reach are allowed."
    )
    var behindProxy = false

    @Option(.tlsCertificateFile, "Certificate, to speak TLS with nobody in front", "file")
    var tlsCertificateFile: String?

    @Option(.tlsKeyFile, "The certificate's private key", "file")
    var tlsKeyFile: String?

    @Option(.tlsClientCAFile, "Who signs for clients, which then need a certificate", "file")
    var tlsClientCAFile: String?

    @Option(.trustedProxies, "Proxy whose word counts about who asks: address, block, unix", "who")
    var trustedProxies: [String] = []

    @Option(
        .proxyProtocol,
        "required or refused: PROXY header before each connection (default: refused)",
        "rule"
    )
    var proxyProtocol: String?

    @Option(
        .forwardedField,
        "forwarded, x-forwarded-for or none: the field that says who asks (default: none)",
        "field"
    )
    var forwardedField: String?

    @Option(.allowedOrigins, "Origin of web pages that may send requests, or *", "origin")
    var allowedOrigins: [String] = []

    @Option(.allowedHosts, "Further host that may be asked for", "host")
    var allowedHosts: [String] = []

    @Option(.loops, "Event loops, each a thread (default: one for each core)")
    var loops: String?

    @Option(.clockSkewSeconds, "Tolerance for clocks that differ, in seconds")
    var clockSkewSeconds: String?

    @Option(.policyFile, "Roles, scopes and rules (default: the built-in roles)", "file")
    var policyFile: String?

    @Option(.shadowPolicyFile, "A policy to try out: differences are logged", "file")
    var shadowPolicyFile: String?

    @Option(.denyListFile, "Whose tokens are refused although they verify", "file")
    var denyListFile: String?

    @Option(.apiKeysFile, "Keys to be accepted in X-API-Key (default: none)", "file")
    var apiKeysFile: String?

    @Option(.handOverSocket, "Where a server is asked to hand over to the next", "path")
    var handOverSocket: String?

    @OptionGroup
    var databases: DatabaseFlags

    @Option(.sealKeyFile, "What sessions are sealed with (default: made on first use)", "file")
    var sealKeyFile: String?

    var given: [Setting: [String]] {
        var flags: [Setting: [String]] = [:]
        flags.add(.behindProxy, behindProxy ? "true" : nil)
        flags.add(.tlsCertificateFile, tlsCertificateFile)
        flags.add(.tlsKeyFile, tlsKeyFile)
        flags.add(.tlsClientCAFile, tlsClientCAFile)
        flags.add(.trustedProxies, trustedProxies)
        flags.add(.proxyProtocol, proxyProtocol)
        flags.add(.forwardedField, forwardedField)
        flags.add(.allowedOrigins, allowedOrigins)
        flags.add(.allowedHosts, allowedHosts)
        flags.add(.loops, loops)
        flags.add(.clockSkewSeconds, clockSkewSeconds)
        flags.add(.policyFile, policyFile)
        flags.add(.shadowPolicyFile, shadowPolicyFile)
        flags.add(.denyListFile, denyListFile)
        flags.add(.apiKeysFile, apiKeysFile)
        flags.add(.handOverSocket, handOverSocket)
        flags.add(.sealKeyFile, sealKeyFile)
        return flags.merging(databases.given) { _, new in new }
    }
}
