import HTTP1
import HTTPTransport
import JWT
import Libuv
import Martlet
import MartletCommand
import Testing

@Suite("What serve is told")
struct ServeSettingsTests {
    @Test func `All mistakes are told at once`() {
        let mistakes = mistakes(
            [
                .listen: ["0.0.0.0:1", "nowhere"], .publicURL: ["ftp://x"], .loops: ["0"],
                .database: ["papyrus"], .endpointPath: ["mcp"], .bodyMax: ["-1"],
                .requestLineMax: ["40000"], .fieldSectionMax: ["40000"],
                .connectionMax: ["5000"], .accessLog: ["loud"], .allowedOrigins: ["x"],
                .allowedHosts: ["a/b"],
            ],
            environment: [
                "JWT_SECRET": "hunter2", "JWT_EXPIRY": "1y", "MARTLET_LOG_LEVEL": "shout",
            ],
            descriptorCountMax: 1_024
        )
        #expect(mistakes.count == 15)
        #expect(Set(mistakes).count == 15)
        for mistake in mistakes {
            #expect(!"\(mistake)".contains("\n"))
            #expect(!"\(mistake)".contains("hunter2"))
        }
    }

    @Test func `Without a secret nothing is served unless a key may be made`() {
        #expect(mistakes([:], environment: [:]) == [.secret(.noneToVerifyWith)])
        #expect(mistakes([:], environment: [:], isDevelopment: true).isEmpty)
    }

    @Test(arguments: [("HS256", 32), ("HS384", 48), ("HS512", 64)])
    func `A secret shorter than the hash is refused with the way to make one`(
        algorithm: String,
        byteCountMin: Int
    ) throws {
        let environment = [
            "JWT_ALGORITHM": algorithm,
            "JWT_SECRET": String(repeating: "s", count: byteCountMin - 1),
        ]
        let mistake = try #require(mistakes([:], environment: environment).first)
        #expect("\(mistake)".contains("openssl rand -base64 48"))
        #expect("\(mistake)".contains("\(byteCountMin)"))
        let long = [
            "JWT_ALGORITHM": algorithm, "JWT_SECRET": "s" + (environment["JWT_SECRET"] ?? ""),
        ]
        #expect(mistakes([:], environment: long).isEmpty)
    }

    @Test(arguments: ["0.0.0.0:3000", "192.0.2.1:3000", "[::]:3000"])
    func `An address that others reach is refused without a proxy and a public URL`(
        text: String
    ) throws {
        let address = try #require(SocketAddress(text))
        #expect(mistakes([.listen: [text]]) == [.address(.exposed(address))])
        #expect(
            mistakes([.listen: [text], .behindProxy: ["true"]]) == [.address(.noPublicURL(address))]
        )
        #expect(
            mistakes(
                [.listen: [text], .behindProxy: ["true"], .publicURL: ["https://x.example/mcp"]]
            ).isEmpty
        )
    }

    @Test func `The address nearer to the command line counts, and both at once are a mistake`() {
        let environment = ["PORT": "4000"]
        #expect(
            settings([:], environment).place.addresses == [.ipv4(host: "127.0.0.1", port: 4_000)]
        )
        let flag = settings([.listen: ["[::1]:5000", "unix:/tmp/x"]], environment)
        #expect(flag.place.addresses == [.ipv6(host: "::1", port: 5_000), .unix(path: "/tmp/x")])
        #expect(
            mistakes([.listen: ["127.0.0.1:1"], .port: ["2"]])
                == [.value(.twoAtOnce(.listen, .port, .flag))]
        )
    }

    @Test func `The default number of connections makes do with the descriptors there are`() {
        let settings = settings([:], [:], descriptorCountMax: 1_024)
        #expect(settings.connectionCountMax < 1_024)
        #expect(settings.connectionCountMax > 512)
    }

    @Test func `A number of connections above the descriptors is refused at n plus one`() {
        let budget = DescriptorBudget(countMax: 1_024, loopCount: 1, addressCount: 1)
        let possible = budget.connectionCountMax
        func mistakes(_ count: Int) -> [SettingMistake] {
            self.mistakes(
                [.connectionMax: ["\(count)"], .loops: ["1"]],
                descriptorCountMax: 1_024
            )
        }
        #expect(mistakes(possible).isEmpty)
        #expect(mistakes(possible + 1).count == 1)
    }

    @Test func `Every limit reaches the server`() throws {
        var flags: [Setting: [String]] = [:]
        for setting in Setting.allCases {
            guard let rule = setting.numberRule, let value = rule.defaultValue else { continue }
            flags[setting] = ["\(max(rule.range.lowerBound, value - 1))"]
        }
        let settings = settings(flags, [:])
        let configuration = try settings.configuration(secret: nil, sealKey: .random())
        let transport = configuration.transport
        #expect(transport.framing.requestLineByteCountMax == 8_191)
        #expect(transport.framing.fieldSectionByteCountMax == 16_383)
        #expect(transport.framing.fieldCountMax == 99)
        #expect(transport.framing.chunkExtensionByteCountMax == 16_383)
        #expect(transport.framing.trailerSectionByteCountMax == 8_191)
        #expect(transport.bodyByteCountMax == 1_048_575)
        #expect(transport.connectionCountMax == 14_999)
        #expect(transport.connectionPerPeerCountMax == 11_999)
        #expect(transport.headSeconds == 9)
        #expect(transport.decisionSeconds == 4)
        #expect(transport.bodySeconds == 29)
        #expect(transport.idleSeconds == 74)
        #expect(transport.writeStallSeconds == 29)
        #expect(transport.responseSeconds == 29)
        #expect(transport.streamKeepAliveSeconds == 14)
        #expect(transport.lingerSeconds == 1)
        #expect(transport.discardedByteCountMax == 65_535)
        #expect(transport.sendQueueHighWaterMark == 262_143)
        #expect(transport.receiveAheadByteCountMax == 65_535)
        #expect(transport.backlog == 4_095)
        #expect(configuration.requestsPerSubject == RateLimit(perSecond: 999, burst: 1_999))
        #expect(configuration.failedAuthenticationsPerPeer == RateLimit(perSecond: 0, burst: 29))
        #expect(configuration.clockSkewSeconds == 59)
        #expect(configuration.drainSeconds == 19)
    }

    @Test func `The defaults here are the defaults of the library`() throws {
        let configuration = try settings([:], [:]).configuration(secret: nil, sealKey: .random())
        let library = ServerConfiguration(addresses: [], issuers: [], sealKey: .random())
        #expect(configuration.transport == library.transport)
        #expect(configuration.keyRefresh == library.keyRefresh)
        #expect(configuration.requestsPerSubject == library.requestsPerSubject)
        #expect(
            configuration.failedAuthenticationsPerPeer == library.failedAuthenticationsPerPeer
        )
        #expect(configuration.clockSkewSeconds == library.clockSkewSeconds)
        #expect(configuration.drainSeconds == library.drainSeconds)
        #expect(configuration.endpointPath == library.endpointPath)
    }

    private static let secret = String(repeating: "s", count: 64)

    private func settings(
        _ flags: [Setting: [String]],
        _ environment: [String: String],
        descriptorCountMax: Int = 20_000
    ) -> ServeSettings {
        var reader = SettingsReader(flags: flags, environment: environment)
        return ServeSettings(
            &reader,
            isDevelopment: true,
            descriptorCountMax: descriptorCountMax
        )
    }

    private func mistakes(
        _ flags: [Setting: [String]],
        environment: [String: String] = ["JWT_SECRET": secret],
        isDevelopment: Bool = false,
        descriptorCountMax: Int = 20_000
    ) -> [SettingMistake] {
        var reader = SettingsReader(flags: flags, environment: environment)
        _ = ServeSettings(
            &reader,
            isDevelopment: isDevelopment,
            descriptorCountMax: descriptorCountMax
        )
        return reader.mistakes
    }
}
