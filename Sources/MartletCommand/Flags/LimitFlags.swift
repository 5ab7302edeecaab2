import ArgumentParser

/// Flags that bound what peers and subjects may do.
struct LimitFlags: ParsableArguments {
    @OptionGroup
    var keys: KeyFlags

    @OptionGroup
    var protocols: ProtocolFlags

    @Option(.streamsPerSubjectMax, "Subscription streams that one subject may have open")
    var streamsPerSubjectMax: String?

    @Option(.requestsPerSubject, "Requests a second of one subject; 0 is no limit")
    var requestsPerSubject: String?

    @Option(.requestsPerSubjectBurst, "Requests of one subject at once after a pause")
    var requestsPerSubjectBurst: String?

    @Option(.toolLimits, "TOOL=RATE[:BURST]: calls a second of one subject", "limit")
    var toolLimits: [String] = []

    @Flag(
        name: .customLong(Setting.rateLimitFields.rawValue),
        help: "Tell every caller what is left of its share, in RateLimit fields."
    )
    var rateLimitFields = false

    @Option(.callMax, "Calls that run at once, whoever makes them")
    var callMax: String?

    @Option(.loopDelayMilliseconds, "How late a loop may be before requests are refused; 0: any")
    var loopDelayMilliseconds: String?

    @Option(
        .failedAuthenticationsPerPeer,
        "Tokens a second that do not verify, of one address; 0 is no limit"
    )
    var failedAuthenticationsPerPeer: String?

    @Option(.failedAuthenticationsPerPeerBurst, "Tokens that do not verify at once after a pause")
    var failedAuthenticationsPerPeerBurst: String?

    @Option(.connectionMax, "Connections in total")
    var connectionMax: String?

    @Option(.connectionPerPeerMax, "Connections of one address")
    var connectionPerPeerMax: String?

    @Option(.requestLineMax, "Bytes of a request line")
    var requestLineMax: String?

    @Option(.fieldSectionMax, "Bytes of a field section")
    var fieldSectionMax: String?

    @Option(.fieldCountMax, "Fields of a request")
    var fieldCountMax: String?

    @Option(.chunkExtensionsMax, "Bytes of chunk extensions in a body")
    var chunkExtensionsMax: String?

    @Option(.trailerSectionMax, "Bytes of a trailer section")
    var trailerSectionMax: String?

    @Option(.bodyMax, "Bytes of a body")
    var bodyMax: String?

    @Option(.discardMax, "Bytes of a refused body that are read to keep the connection")
    var discardMax: String?

    @Option(.sendQueueMax, "Bytes that may wait to be sent before reading pauses")
    var sendQueueMax: String?

    @Option(.receiveAheadMax, "Bytes received ahead before reading pauses")
    var receiveAheadMax: String?

    @Option(.backlog, "Connections the kernel holds until they are accepted")
    var backlog: String?

    @Option(.tlsHandshakeSeconds, "Seconds for a TLS handshake")
    var tlsHandshakeSeconds: String?

    @Option(.headSeconds, "Seconds for a head to arrive")
    var headSeconds: String?

    @Option(.bodySeconds, "Seconds for a body to arrive")
    var bodySeconds: String?

    @Option(.idleSeconds, "Seconds between requests")
    var idleSeconds: String?

    @Option(.writeStallSeconds, "Seconds for a response to be taken")
    var writeStallSeconds: String?

    @Option(.toolCallSeconds, "Seconds for a tool to answer")
    var toolCallSeconds: String?

    @Option(.streamKeepAliveSeconds, "Seconds of silence before an event stream says something")
    var streamKeepAliveSeconds: String?

    @Option(.lingerSeconds, "Seconds for a client to read the last answer")
    var lingerSeconds: String?

    @Option(
        .drainDelaySeconds,
        "Seconds from the signal to end until nothing new is accepted (development: 0)"
    )
    var drainDelaySeconds: String?

    @Option(.drainSeconds, "Seconds for open requests to finish at the end")
    var drainSeconds: String?

    var given: [Setting: [String]] {
        var flags: [Setting: [String]] = [:]
        flags.add(.requestsPerSubject, requestsPerSubject)
        flags.add(.requestsPerSubjectBurst, requestsPerSubjectBurst)
        flags.add(.toolLimits, toolLimits)
        flags.add(.rateLimitFields, rateLimitFields ? "true" : nil)
        flags.add(.callMax, callMax)
        flags.add(.loopDelayMilliseconds, loopDelayMilliseconds)
        flags.add(.failedAuthenticationsPerPeer, failedAuthenticationsPerPeer)
        flags.add(.failedAuthenticationsPerPeerBurst, failedAuthenticationsPerPeerBurst)
        flags.add(.connectionMax, connectionMax)
        flags.add(.connectionPerPeerMax, connectionPerPeerMax)
        flags.add(.requestLineMax, requestLineMax)
        flags.add(.fieldSectionMax, fieldSectionMax)
        flags.add(.fieldCountMax, fieldCountMax)
        flags.add(.chunkExtensionsMax, chunkExtensionsMax)
        flags.add(.trailerSectionMax, trailerSectionMax)
        flags.add(.bodyMax, bodyMax)
        flags.add(.discardMax, discardMax)
        flags.add(.sendQueueMax, sendQueueMax)
        flags.add(.receiveAheadMax, receiveAheadMax)
        flags.add(.backlog, backlog)
        flags.add(.tlsHandshakeSeconds, tlsHandshakeSeconds)
        flags.add(.headSeconds, headSeconds)
        flags.add(.bodySeconds, bodySeconds)
        flags.add(.idleSeconds, idleSeconds)
        flags.add(.writeStallSeconds, writeStallSeconds)
        flags.add(.toolCallSeconds, toolCallSeconds)
        flags.add(.streamKeepAliveSeconds, streamKeepAliveSeconds)
        flags.add(.lingerSeconds, lingerSeconds)
        flags.add(.drainDelaySeconds, drainDelaySeconds)
        flags.add(.drainSeconds, drainSeconds)
        flags.add(.streamsPerSubjectMax, streamsPerSubjectMax)
        return flags.merging(keys.given) { _, new in new }
            .merging(protocols.given) { _, new in new }
    }
}
