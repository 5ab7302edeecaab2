import Foundation
import HTTPClient
import Martlet
import MartletCommand
import Testing

@Suite("How issuers' keys are fetched, as it is set")
struct KeySettingsTests {
    @Test func `Every setting reaches the server`() throws {
        var expected = KeyRefresh()
        expected.lifetimeSecondsDefault = 22
        expected.lifetimeSecondsMin = 11
        expected.lifetimeSecondsMax = 33
        expected.staleSecondsMax = 44
        expected.metadataSecondsMax = 55
        expected.coolDownSeconds = 66
        expected.backOffSecondsMax = 77
        expected.waitingRequestCountMax = 88
        expected.client.totalSeconds = 99
        expected.client.connectSeconds = 111
        expected.client.redirectCountMax = 12
        expected.client.bodyByteCountMax = 2_222
        let configuration = try configuration([
            .keyLifetimeSeconds: ["22"], .keyLifetimeSecondsMin: ["11"],
            .keyLifetimeSecondsMax: ["33"], .keyStaleSecondsMax: ["44"],
            .keyMetadataSecondsMax: ["55"], .keyCoolDownSeconds: ["66"],
            .keyRetrySecondsMax: ["77"], .keyWaitSeconds: ["123"],
            .keyWaitingRequestsMax: ["88"], .keyFetchSeconds: ["99"],
            .keyConnectSeconds: ["111"], .keyRedirectsMax: ["12"], .keySetMax: ["2222"],
        ])
        #expect(configuration.keyRefresh == expected)
        #expect(configuration.transport.decisionSeconds == 123)
    }

    @Test func `A lifetime is accepted at each of its bounds and refused beyond`() {
        let bounds: [Setting: [String]] = [
            .keyLifetimeSecondsMin: ["100"], .keyLifetimeSecondsMax: ["200"],
        ]
        func mistakes(_ seconds: Int) -> [SettingMistake] {
            self.mistakes(bounds.merging([.keyLifetimeSeconds: ["\(seconds)"]]) { $1 })
        }
        #expect(mistakes(100).isEmpty)
        #expect(mistakes(200).isEmpty)
        #expect(
            mistakes(99) == [
                .value(.outOfOrder(.keyLifetimeSecondsMin, 100, .keyLifetimeSeconds, 99))
            ]
        )
        #expect(
            mistakes(201) == [
                .value(.outOfOrder(.keyLifetimeSeconds, 201, .keyLifetimeSecondsMax, 200))
            ]
        )
    }

    @Test func `Bounds in the wrong order are one mistake, whoever set them`() {
        #expect(
            mistakes([.keyLifetimeSecondsMax: ["59"], .keyLifetimeSeconds: ["7"]]) == [
                .value(.outOfOrder(.keyLifetimeSecondsMin, 60, .keyLifetimeSecondsMax, 59))
            ]
        )
        #expect(mistakes([.keyLifetimeSecondsMax: ["60"]]).isEmpty)
    }

    @Test func `A lifetime that nobody set moves between the bounds that somebody did`() throws {
        let long = try configuration([.keyLifetimeSecondsMin: ["3600"]])
        #expect(long.keyRefresh.lifetimeSecondsDefault == 3_600)
        let short = try configuration([.keyLifetimeSecondsMax: ["300"]])
        #expect(short.keyRefresh.lifetimeSecondsDefault == 300)
    }

    @Test func `A file of certificates must be there and hold one`() throws {
        try withTemporaryDirectory { directory in
            let file = directory + "/ca.pem"
            #expect(mistakes([.keyCAFile: [file]]).count == 1)
            #expect(mistakes([.keyCAFile: [directory]]).count == 1)

            try write("no certificate", to: file)
            #expect(
                mistakes([.keyCAFile: [file]]) == [.value(.noCertificate(.keyCAFile, path: file))]
            )

            try write("-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n", to: file)
            #expect(try configuration([.keyCAFile: [file]]).keyRefresh.caFile == file)
        }
    }

    @Test func `Mistakes about keys are told with the others, one line each`() {
        let mistakes = mistakes([
            .loops: ["0"], .keyLifetimeSecondsMin: ["9"], .keyLifetimeSecondsMax: ["8"],
            .keySetMax: ["1"], .keyCAFile: ["/nonexistent"], .keyWaitSeconds: ["0"],
        ])
        #expect(mistakes.count == 5)
        for mistake in mistakes { #expect(!"\(mistake)".contains("\n")) }
    }

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    private func configuration(_ flags: [Setting: [String]]) throws -> ServerConfiguration {
        let (settings, mistakes) = read(flags)
        #expect(mistakes.isEmpty)
        return try settings.configuration(secret: nil, sealKey: .random())
    }

    private func mistakes(_ flags: [Setting: [String]]) -> [SettingMistake] {
        read(flags).mistakes
    }

    private func read(
        _ flags: [Setting: [String]]
    ) -> (settings: ServeSettings, mistakes: [SettingMistake]) {
        var reader = SettingsReader(flags: flags, environment: [:])
        let settings = ServeSettings(&reader, isDevelopment: true, descriptorCountMax: 20_000)
        return (settings, reader.mistakes)
    }
}
