import MartletCommand
import Testing

@Suite("Where a setting comes from")
struct SettingsReaderTests {
    @Test func `A flag wins over the environment, which wins over the file and the default`() {
        let file = SettingsFile(
            content: Array(#"{"body-max": 3, "head-seconds": 3}"#.utf8),
            path: "f"
        )
        var all = SettingsReader(
            flags: [.bodyMax: ["1"]],
            environment: ["MARTLET_BODY_MAX": "2", "MARTLET_IDLE_SECONDS": "2"],
            file: file
        )
        #expect(all.number(.bodyMax) == 1)
        #expect(all.number(.idleSeconds) == 2)
        #expect(all.number(.headSeconds) == 3)
        #expect(all.number(.bodySeconds) == 30)
        #expect(all.mistakes.isEmpty)
    }

    @Test func `Every setting can be read from its variable in the environment`() {
        for setting in Setting.allCases {
            var reader = SettingsReader(flags: [:], environment: [setting.environmentName: "x"])
            let texts =
                setting.kind == .list
                ? reader.texts(setting)?.texts : reader.text(setting).map { [$0.text] }
            #expect(texts == ["x"], "\(setting.rawValue)")
        }
    }

    @Test func `The names of the tutorial are the names in the environment`() {
        let names = Set(Setting.allCases.map(\.environmentName))
        let tutorial = [
            "JWT_SECRET", "JWT_AUDIENCE", "JWT_ISSUER", "JWT_EXPIRY", "ALLOWED_ORIGINS", "PORT",
        ]
        #expect(names.isSuperset(of: tutorial))
        #expect(names.count == Setting.allCases.count)
    }

    @Test func `No variable is one that Kubernetes sets for a service called martlet`() {
        for setting in Setting.allCases {
            #expect(!setting.environmentName.hasPrefix("MARTLET_PORT"))
            #expect(!setting.environmentName.hasPrefix("MARTLET_SERVICE_"))
        }
    }

    @Test func `A variable that is set to nothing counts as not set`() {
        var reader = SettingsReader(flags: [:], environment: ["PORT": "", "JWT_ISSUER": ""])
        #expect(reader.number(.port) == 3_000)
        #expect(reader.text(.jwtIssuer) == nil)
        #expect(reader.mistakes.isEmpty)
    }

    @Test func `A flag that is set to nothing is a mistake`() {
        var reader = SettingsReader(flags: [.jwtIssuer: [""]], environment: [:])
        #expect(reader.text(.jwtIssuer) == nil)
        #expect(reader.mistakes == [.value(.empty(.jwtIssuer, .flag))])
    }

    @Test func `Lists are separated by commas in the environment`() {
        var reader = SettingsReader(
            flags: [:],
            environment: ["ALLOWED_ORIGINS": " https://a.example, https://b.example ,"]
        )
        let origins = reader.list(.allowedOrigins) { $0.hasPrefix("https://") }
        #expect(origins == ["https://a.example", "https://b.example"])
        #expect(reader.mistakes.isEmpty)
    }

    @Test(
        arguments: [
            "-1", "+1", "1.5", "1e3", "0x10", "", " 1", "1 ", "９", "99999999999999999999999", "abc",
        ]
    )
    func `What is not a whole number in its range is a mistake, never a crash`(text: String) {
        for setting in Setting.allCases where setting.numberRule != nil {
            var reader = SettingsReader(flags: [setting: [text]], environment: [:])
            #expect(reader.numberIfSet(setting) == nil)
            #expect(reader.mistakes.count == 1, "\(setting.rawValue)")
        }
    }

    @Test func `Every number is accepted at both ends of its range and refused beyond`() throws {
        for setting in Setting.allCases {
            guard let rule = setting.numberRule else { continue }
            for number in [rule.range.lowerBound, rule.range.upperBound] {
                var reader = SettingsReader(flags: [setting: ["\(number)"]], environment: [:])
                #expect(reader.numberIfSet(setting) == number, "\(setting.rawValue)")
            }
            var reader = SettingsReader(
                flags: [setting: ["\(rule.range.upperBound + 1)"]],
                environment: [:]
            )
            #expect(reader.numberIfSet(setting) == nil, "\(setting.rawValue)")
            if let value = rule.defaultValue { #expect(rule.range.contains(value)) }
        }
    }

    @Test func `A mistake that is met twice is told once`() {
        var reader = SettingsReader(flags: [.port: ["x"]], environment: [:])
        _ = reader.number(.port)
        _ = reader.number(.port)
        #expect(reader.mistakes.count == 1)
    }
}
