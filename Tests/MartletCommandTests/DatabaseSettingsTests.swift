import MartletCommand
import PostgresClient
import Testing
import TodosPostgres

@Suite("Which database serve is told to use")
struct DatabaseSettingsTests {
    private static let secret = String(repeating: "s", count: 64)
    private static let url = "postgres://ada:hunter2@db.example/todos"

    private func read(
        _ flags: [Setting: [String]] = [:],
        _ environment: [String: String] = [:],
        descriptorCountMax: Int = 20_000
    ) -> (settings: ServeSettings, mistakes: [SettingMistake]) {
        let environment = environment.merging(["JWT_SECRET": Self.secret]) { own, _ in own }
        var reader = SettingsReader(flags: flags, environment: environment)
        let settings = ServeSettings(
            &reader,
            isDevelopment: false,
            descriptorCountMax: descriptorCountMax
        )
        // The key is not there; that it is named is what counts here.
        return (settings, reader.mistakes.filter { "\($0)".contains("/seal.key") == false })
    }

    @Test func `PostgreSQL is used with all that is set of it`() throws {
        let (settings, mistakes) = read(
            [
                .sealKeyFile: ["/seal.key"], .databaseConnections: ["7"],
                .databaseSeconds: ["11"], .databaseConnectSeconds: ["3"],
                .databaseQueueMax: ["99"], .databaseChanges: ["poll"],
                .databaseListenURL: ["postgres://ada@direct.example/todos"],
                .databasePrepare: ["never"],
            ],
            ["MARTLET_DATABASE": Self.url]
        )
        #expect(mistakes == [])
        guard case .postgres(let configuration) = settings.database else {
            Issue.record("\(settings.database)")
            return
        }
        #expect(configuration.url == (try PostgresURL(Self.url)))
        #expect(configuration.listenURL == (try PostgresURL("postgres://ada@direct.example/todos")))
        #expect(configuration.changes == .polling)
        #expect(configuration.preparation == .nowhere)
        #expect(
            configuration.limits
                == PostgresLimits(
                    connectionCountMax: 7,
                    waitingCountMax: 99,
                    requestSeconds: 11,
                    connectSeconds: 3
                )
        )
    }

    @Test func `Several servers share PostgreSQL, so that a seal key must be named`() {
        let (_, mistakes) = read([:], ["MARTLET_DATABASE": Self.url])
        #expect(mistakes == [.database(.noSealKey)])
        #expect("\(mistakes)".contains("hunter2") == false)
    }

    @Test func `A password is refused where others read it, and the URL is not repeated`() {
        let flags: [Setting: [String]] = [.sealKeyFile: ["/seal.key"], .database: [Self.url]]
        let (_, mistakes) = read(flags)
        #expect(mistakes == [.database(.passwordInView(.database, .flag))])
        #expect(mistakes.allSatisfy { !"\($0)".contains("hunter2") })
        let open = "postgres://ada@db.example/todos"
        #expect(read([.sealKeyFile: ["/seal.key"], .database: [open]]).mistakes == [])
    }

    @Test(arguments: [
        "postgres://ada:hunter2@db.example:x/todos", "postgres://ada:hunter2@db.example/?a=b",
    ])
    func `A URL that is none is refused without being repeated`(url: String) throws {
        let (_, mistakes) = read([.sealKeyFile: ["/seal.key"]], ["MARTLET_DATABASE": url])
        let mistake = try #require(mistakes.first)
        #expect("\(mistake)".contains("MARTLET_DATABASE"))
        #expect(mistakes.allSatisfy { !"\($0)".contains("hunter2") })
    }

    @Test func `Connections to the database take descriptors from those to clients`() {
        func count(_ connections: Int) -> Int {
            read(
                [
                    .sealKeyFile: ["/seal.key"], .loops: ["2"],
                    .databaseConnections: ["\(connections)"],
                ],
                ["MARTLET_DATABASE": "postgres://db.example"],
                descriptorCountMax: 1_024
            ).settings.connectionCountMax
        }
        #expect(count(1) - count(11) == 20)
    }
}
