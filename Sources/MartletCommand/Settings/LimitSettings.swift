import HTTP1
import HTTPTransport
import Martlet

/// What peers and subjects are allowed.
package struct LimitSettings: Sendable {
    package let transport: HTTPServerLimits
    package let requestsPerSubject: RateLimit
    package let failedAuthenticationsPerPeer: RateLimit
    package let drainDelaySeconds: Int
    package let callsPerSubject: [String: RateLimit]
    package let callCountMax: Int
    package let loopDelayMillisecondsMax: Int
    package let tellsRateLimits: Bool
    package let drainSeconds: Int

    package init(
        _ settings: inout SettingsReader,
        isDevelopment: Bool,
        descriptors: DescriptorBudget
    ) {
        var transport = HTTPServerLimits()
        transport.framing = Self.framing(&settings)
        transport.connectionCountMax = Self.connectionMax(&settings, descriptors)
        transport.connectionPerPeerCountMax = settings.number(.connectionPerPeerMax)
        transport.bodyByteCountMax = settings.number(.bodyMax)
        transport.discardedByteCountMax = settings.number(.discardMax)
        transport.sendQueueHighWaterMark = settings.number(.sendQueueMax)
        transport.receiveAheadByteCountMax = settings.number(.receiveAheadMax)
        transport.backlog = Int32(clamping: settings.number(.backlog))
        transport.handshakeSeconds = settings.number(.tlsHandshakeSeconds)
        transport.headSeconds = settings.number(.headSeconds)
        transport.decisionSeconds = settings.number(.keyWaitSeconds)
        transport.bodySeconds = settings.number(.bodySeconds)
        transport.idleSeconds = settings.number(.idleSeconds)
        transport.writeStallSeconds = settings.number(.writeStallSeconds)
        transport.responseSeconds = settings.number(.toolCallSeconds)
        transport.streamKeepAliveSeconds = settings.number(.streamKeepAliveSeconds)
        transport.lingerSeconds = settings.number(.lingerSeconds)
        self.transport = transport
        requestsPerSubject = RateLimit(
            perSecond: settings.number(.requestsPerSubject),
            burst: settings.number(.requestsPerSubjectBurst)
        )
        failedAuthenticationsPerPeer = RateLimit(
            perSecond: settings.number(.failedAuthenticationsPerPeer),
            burst: settings.number(.failedAuthenticationsPerPeerBurst)
        )
        // Nobody balances the load of a server in development.
        let delay = settings.number(.drainDelaySeconds)
        drainDelaySeconds =
            isDevelopment && settings.origin(of: .drainDelaySeconds) == nil ? 0 : delay
        callsPerSubject = ToolLimit.all(&settings)
        callCountMax = settings.number(.callMax)
        loopDelayMillisecondsMax = settings.number(.loopDelayMilliseconds)
        tellsRateLimits = settings.toggle(.rateLimitFields)
        drainSeconds = settings.number(.drainSeconds)
    }

    private static func framing(_ settings: inout SettingsReader) -> HTTPLimits {
        let requestLine = settings.number(.requestLineMax)
        let fieldSection = settings.number(.fieldSectionMax)
        let fieldCount = settings.number(.fieldCountMax)
        let chunkExtensions = settings.number(.chunkExtensionsMax)
        let trailerSection = settings.number(.trailerSectionMax)
        let head = requestLine + fieldSection
        guard head <= Setting.headByteCountMax else {
            settings.report(
                .value(.headTooLong(byteCount: head, byteCountMax: Setting.headByteCountMax))
            )
            return HTTPLimits()
        }
        return HTTPLimits(
            requestLineByteCountMax: requestLine,
            fieldSectionByteCountMax: fieldSection,
            fieldCountMax: fieldCount,
            chunkExtensionByteCountMax: chunkExtensions,
            trailerSectionByteCountMax: trailerSection
        )
    }

    /// What was asked for must be possible; the default makes do with what is.
    private static func connectionMax(
        _ settings: inout SettingsReader,
        _ descriptors: DescriptorBudget
    ) -> Int {
        let possible = descriptors.connectionCountMax
        let asked = settings.numberIfSet(.connectionMax)
        let wanted = asked ?? max(1, min(settings.number(.connectionMax), possible))
        if wanted > possible {
            settings.report(
                .value(
                    .tooManyConnections(
                        wanted,
                        possible: possible,
                        descriptors: descriptors.countMax
                    )
                )
            )
        }
        return wanted
    }
}
