public import HTTPClient

/// How the keys of issuers are fetched and kept up to date: every limit of it.
public struct KeyRefresh: Hashable, Sendable {
    // What an answer is good for.

    /// How long a set without `Cache-Control: max-age` is fresh.
    public var lifetimeSecondsDefault = 900

    /// A set is fresh for so long at least, whatever its server says: more often it is not fetched.
    public var lifetimeSecondsMin = 60

    /// A set is fresh for so long at most: a key that its issuer withdrew is believed no longer.
    public var lifetimeSecondsMax = 86_400

    /// The share of its lifetime after which a set is fetched again, in thousandths; each source
    /// begins up to a tenth of the lifetime earlier, so that not all are fetched together.
    public static let refreshPermille = 800

    /// How long after its lifetime a set that cannot be fetched again is used.
    ///
    /// `nil` uses it for as long as the issuer is down: an outage of the issuer is none of this
    /// server. Whoever can cut this server off from the issuer then also keeps a withdrawn key
    /// alive; where that matters more than the outage, set a time.
    public var staleSecondsMax: Int?

    // When something goes wrong.

    /// From a failed fetch to the next attempt; doubled with each failure that follows.
    public var backOffSecondsMin = 1
    public var backOffSecondsMax = 60

    /// From one fetch for the sake of an unknown `kid` to the next one for such a reason.
    ///
    /// Anybody can make up a `kid`, so this is what a flood of them costs the issuer.
    public var coolDownSeconds = 30

    /// How old a discovery document may become before it is asked for again.
    public var metadataSecondsMax = 86_400

    /// A cause of failure that lasts is logged once in so many seconds.
    public var reportIntervalSeconds = 60

    // How many.

    /// Values of `kid` known to be absent from a set, for each source.
    ///
    /// Others lead to another fetch, not more often than the cool-down allows.
    public static let absentKeyIDCountMax = 1_024

    /// Requests on each loop that wait for keys; more are answered with 503 at once.
    ///
    /// How long they wait is ``HTTPServerLimits/decisionSeconds``.
    public var waitingRequestCountMax = 1_024

    /// Requests that waited and are looked at again in one turn of a loop: as many signatures are
    /// verified in a row.
    public static let resumedRequestCountMax = 32

    // How.

    /// What one answer may cost: bytes, seconds, redirects.
    public var client = HTTPClientLimits()

    /// How often the loop looks whether something is due.
    public var tickMilliseconds: UInt64 = 1_000

    /// Certificates to trust instead of the system's when keys are fetched, as a PEM file.
    public var caFile: String?

    public init() {}

    /// A limit as what clocks count in; one longer than any process lives overflows nothing.
    static func milliseconds(_ seconds: Int) -> UInt64 {
        UInt64(clamping: min(seconds, 1 << 40)) * 1_000
    }
}
