import Foundation
import HTTPTransport
import JWT
import Libuv
import Logging
import Martlet
import TodosSQLite

/// All that a server is told, checked.
package struct ServeSettings: Sendable {
    package let isDevelopment: Bool
    package let place: WhereSettings
    package let loopCount: Int
    package let trust: TrustSettings
    package let policies: PolicySettings
    package let accessLists: AccessListSettings
    package let state: StateDirectory

    /// The key that was named; without one the server keeps a key of its own in ``state``.
    package let sealKey: SealKey?
    package let database: Database
    package let audit: AuditSettings?
    package let telemetry: TelemetrySettings
    package let logLevel: Logger.Level

    package let tls: TLSSettings

    /// Where the next server asks this one to hand over; `nil` hands over to nobody.
    package let handOverPath: String?
    private let proxies: ProxySettings
    private let allowedOrigins: [String]
    private let allowedHosts: [String]
    private let clockSkewSeconds: Int
    private let accessLog: AccessLogFormat

    /// Whether somebody asked for the access log, or for none.
    package let isAccessLogSet: Bool
    private let limits: LimitSettings
    private let keyRefresh: KeyRefresh
    private let protocolLimits: ProtocolSettings

    /// - Parameters:
    ///   - settings: What is set; afterwards it knows every mistake.
    ///   - isDevelopment: Whether a key may be made.
    ///   - descriptorCountMax: How many files and sockets the process may have open.
    ///   - passedAddresses: Where a service manager listens for the server.
    package init(
        _ settings: inout SettingsReader,
        isDevelopment: Bool,
        descriptorCountMax: Int,
        passedAddresses: [SocketAddress] = []
    ) {
        self.isDevelopment = isDevelopment
        place = WhereSettings(&settings, passedAddresses: passedAddresses)
        // Beside it ".next" is made, and both are addresses.
        handOverPath = settings.text(.handOverSocket) { SocketAddress("unix:\($0).next") != nil }
        let tls = TLSSettings(&settings)
        self.tls = tls
        Self.checkExposure(
            place,
            isEncrypted: settings.toggle(.behindProxy) || tls.isOn,
            &settings
        )
        proxies = ProxySettings(&settings)
        allowedOrigins = settings.list(.allowedOrigins, WebText.isOrigin)
        allowedHosts = settings.list(.allowedHosts, WebText.isHost)
        let loopCount =
            settings.numberIfSet(.loops)
            ?? min(max(1, ProcessInfo.processInfo.activeProcessorCount), 256)
        self.loopCount = loopCount

        let state = StateDirectory(
            path: settings.text(.stateDirectory)?.text ?? StateDirectory.pathDefault
        )
        self.state = state
        sealKey = Self.sealKey(&settings)
        database = Self.database(
            &settings,
            state: state,
            isSealKeySet: settings.origin(of: .sealKeyFile) != nil
        )
        audit = AuditSettings(&settings)
        telemetry = TelemetrySettings(&settings)
        trust = TrustSettings(&settings, state: state, isDevelopment: isDevelopment)
        policies = PolicySettings(&settings)
        accessLists = AccessListSettings(&settings)
        clockSkewSeconds = settings.number(.clockSkewSeconds)
        keyRefresh = KeyRefresh(&settings)
        protocolLimits = ProtocolSettings(&settings)
        isAccessLogSet = settings.text(.accessLog) != nil
        accessLog = settings.choice(
            .accessLog,
            ["none": AccessLogFormat.none, "text": .text, "json": .json],
            default: .text
        )
        logLevel = settings.choice(
            .logLevel,
            [
                "trace": Logger.Level.trace, "debug": .debug, "info": .info, "notice": .notice,
                "warning": .warning, "error": .error, "critical": .critical,
            ],
            default: .info
        )
        limits = LimitSettings(
            &settings,
            isDevelopment: isDevelopment,
            descriptors: DescriptorBudget(
                countMax: descriptorCountMax,
                loopCount: loopCount,
                addressCount: place.addresses.count + place.adminAddresses.count,
                databaseDescriptorsPerLoop: database.descriptorsPerLoop
            )
        )
    }

    /// Whether anything is kept in ``state``.
    package var usesStateDirectory: Bool {
        if case .development = trust.own?.secret { return true }
        if case .sqlite(let file) = database, file.path == state.databasePath { return true }
        if let audit, audit.key == nil { return true }
        return sealKey == nil
    }

    /// How many connections are served at once.
    package var connectionCountMax: Int { limits.transport.connectionCountMax }

    /// What `Martlet` is told, once the keys are read.
    ///
    /// - Parameters:
    ///   - secret: What the issuer of this command's own signs with, if there is one.
    ///   - sealKey: What session ids are sealed with.
    /// - Returns: What `MCPServer` takes.
    /// - Throws: ``KeyError`` if the secret is too short.
    package func configuration(
        secret: [UInt8]?,
        sealKey: SealKey
    ) throws(KeyError) -> ServerConfiguration {
        var configuration = ServerConfiguration(
            addresses: place.ownAddresses,
            issuers: try trust.configurations(secret: secret),
            sealKey: sealKey
        )
        policies.apply(to: &configuration)
        accessLists.apply(to: &configuration)
        proxies.apply(to: &configuration)
        protocolLimits.apply(to: &configuration)
        configuration.tls = tls.identity
        telemetry.apply(to: &configuration)
        configuration.adminAddresses = place.adminAddresses
        configuration.publicURL = place.publicURL
        configuration.endpointPath = place.endpointPath
        configuration.allowedOrigins = allowedOrigins
        configuration.allowedHosts = allowedHosts
        configuration.clockSkewSeconds = Int64(clockSkewSeconds)
        configuration.keyRefresh = keyRefresh
        configuration.accessLog = accessLog
        configuration.transport = limits.transport
        configuration.requestsPerSubject = limits.requestsPerSubject
        configuration.failedAuthenticationsPerPeer = limits.failedAuthenticationsPerPeer
        configuration.drainDelaySeconds = limits.drainDelaySeconds
        configuration.callsPerSubject = limits.callsPerSubject
        configuration.callCountMax = limits.callCountMax
        configuration.loopDelayMillisecondsMax = UInt64(clamping: limits.loopDelayMillisecondsMax)
        configuration.tellsRateLimits = limits.tellsRateLimits
        configuration.drainSeconds = limits.drainSeconds
        return configuration
    }

    private static func checkExposure(
        _ place: WhereSettings,
        isEncrypted: Bool,
        _ settings: inout SettingsReader
    ) {
        for address in place.addresses where !address.isLoopback {
            if !isEncrypted {
                settings.report(.address(.exposed(address)))
            } else if place.publicURL == nil {
                settings.report(.address(.noPublicURL(address)))
            }
        }
    }

    private static func sealKey(_ settings: inout SettingsReader) -> SealKey? {
        guard let path = settings.text(.sealKeyFile)?.text else { return nil }
        do throws(KeyFileError) {
            return try SealKey.reading(KeyFile(path: path))
        } catch {
            settings.report(.secret(.file(error)))
            return nil
        }
    }
}
