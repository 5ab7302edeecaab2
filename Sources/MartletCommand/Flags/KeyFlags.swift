import ArgumentParser

/// Flags that say how the keys of issuers are fetched.
struct KeyFlags: ParsableArguments {
    @Option(.keyCAFile, "Certificates to trust for fetching (default: the system's)", "file")
    var keyCAFile: String?

    @Option(.keyLifetimeSeconds, "Seconds that keys are good for if their server does not say")
    var keyLifetimeSeconds: String?

    @Option(.keyLifetimeSecondsMin, "Seconds that keys are good for at least")
    var keyLifetimeSecondsMin: String?

    @Option(.keyLifetimeSecondsMax, "Seconds that keys are good for at most")
    var keyLifetimeSecondsMax: String?

    @Option(.keyStaleSecondsMax, "Seconds that old keys serve in an outage (default: all of it)")
    var keyStaleSecondsMax: String?

    @Option(.keyMetadataSecondsMax, "Seconds until an issuer's metadata is asked for again")
    var keyMetadataSecondsMax: String?

    @Option(.keyCoolDownSeconds, "Seconds between fetches because of unknown keys")
    var keyCoolDownSeconds: String?

    @Option(.keyRetrySecondsMax, "Seconds between attempts during an outage, at most")
    var keyRetrySecondsMax: String?

    @Option(.keyWaitSeconds, "Seconds that a request waits for a key")
    var keyWaitSeconds: String?

    @Option(.keyWaitingRequestsMax, "Requests on each loop that may wait for keys")
    var keyWaitingRequestsMax: String?

    @Option(.keyFetchSeconds, "Seconds for an answer of an issuer")
    var keyFetchSeconds: String?

    @Option(.keyConnectSeconds, "Seconds for a connection to an issuer")
    var keyConnectSeconds: String?

    @Option(.keyRedirectsMax, "Redirects followed to an issuer's keys")
    var keyRedirectsMax: String?

    @Option(.keySetMax, "Bytes of an issuer's answer")
    var keySetMax: String?

    var given: [Setting: [String]] {
        var flags: [Setting: [String]] = [:]
        flags.add(.keyCAFile, keyCAFile)
        flags.add(.keyLifetimeSeconds, keyLifetimeSeconds)
        flags.add(.keyLifetimeSecondsMin, keyLifetimeSecondsMin)
        flags.add(.keyLifetimeSecondsMax, keyLifetimeSecondsMax)
        flags.add(.keyStaleSecondsMax, keyStaleSecondsMax)
        flags.add(.keyMetadataSecondsMax, keyMetadataSecondsMax)
        flags.add(.keyCoolDownSeconds, keyCoolDownSeconds)
        flags.add(.keyRetrySecondsMax, keyRetrySecondsMax)
        flags.add(.keyWaitSeconds, keyWaitSeconds)
        flags.add(.keyWaitingRequestsMax, keyWaitingRequestsMax)
        flags.add(.keyFetchSeconds, keyFetchSeconds)
        flags.add(.keyConnectSeconds, keyConnectSeconds)
        flags.add(.keyRedirectsMax, keyRedirectsMax)
        flags.add(.keySetMax, keySetMax)
        return flags
    }
}
