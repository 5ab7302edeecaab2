import HTTPClient
import Libuv
import Martlet

extension KeyRefresh {
    /// How keys are fetched, as it is set; what contradicts itself is reported.
    init(_ settings: inout SettingsReader) {
        self.init()
        readLifetimes(&settings)
        staleSecondsMax = settings.numberIfSet(.keyStaleSecondsMax)
        metadataSecondsMax = settings.number(.keyMetadataSecondsMax)
        coolDownSeconds = settings.number(.keyCoolDownSeconds)
        backOffSecondsMax = settings.number(.keyRetrySecondsMax)
        waitingRequestCountMax = settings.number(.keyWaitingRequestsMax)
        client.totalSeconds = settings.number(.keyFetchSeconds)
        client.connectSeconds = settings.number(.keyConnectSeconds)
        client.redirectCountMax = settings.number(.keyRedirectsMax)
        client.bodyByteCountMax = settings.number(.keySetMax)
        caFile = Self.caFile(&settings)
    }

    /// What was asked for must fit between the bounds; the default makes do with them.
    private mutating func readLifetimes(_ settings: inout SettingsReader) {
        let shortest = settings.number(.keyLifetimeSecondsMin)
        let longest = settings.number(.keyLifetimeSecondsMax)
        guard shortest <= longest else {
            settings.report(
                .value(
                    .outOfOrder(.keyLifetimeSecondsMin, shortest, .keyLifetimeSecondsMax, longest)
                )
            )
            return
        }
        let asked = settings.numberIfSet(.keyLifetimeSeconds)
        if let asked, asked < shortest {
            settings.report(
                .value(.outOfOrder(.keyLifetimeSecondsMin, shortest, .keyLifetimeSeconds, asked))
            )
        }
        if let asked, asked > longest {
            settings.report(
                .value(.outOfOrder(.keyLifetimeSeconds, asked, .keyLifetimeSecondsMax, longest))
            )
        }
        lifetimeSecondsMin = shortest
        lifetimeSecondsMax = longest
        lifetimeSecondsDefault =
            asked ?? min(max(settings.number(.keyLifetimeSeconds), shortest), longest)
    }

    /// More certificates than any system trusts.
    private static let caFileByteCountMax = 16_777_216

    /// The certificates to trust; that they can be read is found before anything is fetched.
    private static func caFile(_ settings: inout SettingsReader) -> String? {
        guard let path = settings.text(.keyCAFile)?.text else { return nil }
        do throws(FileError) {
            let file = try FileContent(ofFileAt: path, byteCountMax: caFileByteCountMax)
            let text = String(decoding: file.bytes, as: UTF8.self)
            if !text.contains("-----BEGIN CERTIFICATE-----") {
                settings.report(.value(.noCertificate(.keyCAFile, path: path)))
            }
        } catch {
            settings.report(.value(.unreadable(.keyCAFile, error)))
        }
        return path
    }
}
