import HTTP1
import HTTPClient
import HTTPTransport
import Martlet
import PostgresClient
import TodosSQLite

/// Which whole numbers a setting accepts, and what it is when nobody sets it.
package struct NumberRule: Hashable, Sendable {
    package let range: ClosedRange<Int>

    /// `nil` where it depends on the machine, or nothing is a value as well.
    package let defaultValue: Int?

    init(_ range: ClosedRange<Int>, _ defaultValue: Int?) {
        self.range = range
        self.defaultValue = defaultValue
    }
}

extension Setting {
    /// The bounds of a number; `nil` for a setting that is none.
    package var numberRule: NumberRule? {
        let transport = HTTPServerLimits()
        return switch self {
        case .port: NumberRule(0...65_535, 3_000)
        case .loops: NumberRule(1...256, nil)
        case .clockSkewSeconds: NumberRule(0...300, 60)
        case .databaseQueueMax:
            NumberRule(1...1_000_000, SQLiteTodoStore.Configuration.pendingRequestCountMaxDefault)
        case .databaseConnections: NumberRule(1...64, PostgresLimits().connectionCountMax)
        case .databaseSeconds: NumberRule(1...300, PostgresLimits().requestSeconds)
        case .databaseConnectSeconds: NumberRule(1...300, PostgresLimits().connectSeconds)
        case .slowCallMilliseconds: NumberRule(1...3_600_000, nil)
        case .otlpSeconds: NumberRule(1...300, 5)
        case .otlpMetricsSeconds: NumberRule(1...3_600, 60)
        case .otlpQueueMax: NumberRule(1...1_000_000, 8_192)
        case .traceSamplePercent: NumberRule(0...100, 1)
        case .auditQueueMax: NumberRule(1...1_000_000, 16_384)
        case .requestsPerSubject: NumberRule(0...RateLimit.perSecondMax, 1_000)
        case .requestsPerSubjectBurst: NumberRule(1...RateLimit.perSecondMax, 2_000)
        case .callMax: NumberRule(1...1_000_000, 8_192)
        case .loopDelayMilliseconds: NumberRule(0...60_000, 1_000)
        case .failedAuthenticationsPerPeer: NumberRule(0...RateLimit.perSecondMax, 1)
        case .failedAuthenticationsPerPeerBurst: NumberRule(1...RateLimit.perSecondMax, 30)
        case .connectionMax: NumberRule(1...10_000_000, transport.connectionCountMax)
        case .connectionPerPeerMax:
            NumberRule(1...10_000_000, transport.connectionPerPeerCountMax)
        case .bodyMax: NumberRule(1...268_435_456, transport.bodyByteCountMax)
        case .discardMax: NumberRule(0...268_435_456, transport.discardedByteCountMax)
        case .sendQueueMax: NumberRule(4_096...268_435_456, transport.sendQueueHighWaterMark)
        case .receiveAheadMax: NumberRule(0...268_435_456, transport.receiveAheadByteCountMax)
        case .backlog: NumberRule(1...65_535, Int(transport.backlog))
        case .tlsHandshakeSeconds: NumberRule(1...3_600, transport.handshakeSeconds)
        case .headSeconds: NumberRule(1...3_600, transport.headSeconds)
        case .bodySeconds: NumberRule(1...3_600, transport.bodySeconds)
        case .idleSeconds: NumberRule(1...86_400, transport.idleSeconds)
        case .writeStallSeconds: NumberRule(1...3_600, transport.writeStallSeconds)
        case .toolCallSeconds: NumberRule(1...3_600, transport.responseSeconds)
        case .streamKeepAliveSeconds: NumberRule(1...3_600, transport.streamKeepAliveSeconds)
        case .lingerSeconds: NumberRule(1...60, transport.lingerSeconds)
        case .drainDelaySeconds: NumberRule(0...3_600, 5)
        case .drainSeconds: NumberRule(0...3_600, 20)
        default:
            framingRule(transport.framing) ?? keyRule(KeyRefresh(), transport)
                ?? protocolRule(TaskLimits())
        }
    }

    /// The bounds of what the protocol keeps for clients between their messages.
    private func protocolRule(_ tasks: TaskLimits) -> NumberRule? {
        let month = 2_592_000
        return switch self {
        case .streamsPerSubjectMax: NumberRule(1...1_000_000, 100)
        case .clientAnswerSeconds: NumberRule(1...86_400, 300)
        case .listPageMax: NumberRule(1...10_000, 100)
        case .taskLifetimeSeconds: NumberRule(1...month, tasks.lifetimeSeconds)
        case .taskRunSeconds: NumberRule(1...month, tasks.runSeconds)
        case .taskPollMilliseconds: NumberRule(100...3_600_000, tasks.pollIntervalMilliseconds)
        case .tasksRunningMax: NumberRule(1...100_000, tasks.runningCountMax)
        case .tasksPerSubjectMax: NumberRule(1...1_000_000, tasks.perSubjectCountMax)
        case .tasksMax: NumberRule(1...10_000_000, tasks.countMax)
        case .taskResultMax: NumberRule(1_024...268_435_456, tasks.resultByteCountMax)
        default: nil
        }
    }

    /// The bounds of how the keys of issuers are fetched.
    private func keyRule(_ refresh: KeyRefresh, _ transport: HTTPServerLimits) -> NumberRule? {
        let month = 2_592_000
        return switch self {
        case .keyLifetimeSeconds: NumberRule(1...month, refresh.lifetimeSecondsDefault)
        case .keyLifetimeSecondsMin: NumberRule(1...month, refresh.lifetimeSecondsMin)
        case .keyLifetimeSecondsMax: NumberRule(1...month, refresh.lifetimeSecondsMax)
        case .keyStaleSecondsMax: NumberRule(0...month, refresh.staleSecondsMax)
        case .keyMetadataSecondsMax: NumberRule(1...month, refresh.metadataSecondsMax)
        case .keyCoolDownSeconds: NumberRule(1...86_400, refresh.coolDownSeconds)
        case .keyRetrySecondsMax: NumberRule(1...3_600, refresh.backOffSecondsMax)
        case .keyWaitSeconds: NumberRule(1...300, transport.decisionSeconds)
        case .keyWaitingRequestsMax: NumberRule(0...1_000_000, refresh.waitingRequestCountMax)
        case .keyFetchSeconds: NumberRule(1...300, refresh.client.totalSeconds)
        case .keyConnectSeconds: NumberRule(1...300, refresh.client.connectSeconds)
        case .keyRedirectsMax: NumberRule(0...20, refresh.client.redirectCountMax)
        case .keySetMax: NumberRule(1_024...16_777_216, refresh.client.bodyByteCountMax)
        default: nil
        }
    }

    /// The bounds of what is read before anybody could decide.
    private func framingRule(_ framing: HTTPLimits) -> NumberRule? {
        switch self {
        case .requestLineMax: NumberRule(256...49_152, framing.requestLineByteCountMax)
        case .fieldSectionMax: NumberRule(1_024...65_275, framing.fieldSectionByteCountMax)
        case .fieldCountMax: NumberRule(16...1_000, framing.fieldCountMax)
        case .chunkExtensionsMax: NumberRule(0...65_535, framing.chunkExtensionByteCountMax)
        case .trailerSectionMax: NumberRule(0...65_535, framing.trailerSectionByteCountMax)
        default: nil
        }
    }

    /// Bytes of the longest head that can be addressed, without two line terminators.
    package static let headByteCountMax = 65_531
}
