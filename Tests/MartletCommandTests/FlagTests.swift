import ArgumentParser
import JWT
import MartletCommand
import Testing

@Suite("Flags and their documentation")
struct FlagTests {
    @Test func `Every setting but the secret is a flag of serve that arrives under its name`()
        throws
    {
        for setting in Setting.allCases where !setting.isSecret {
            let isToggle = setting.kind == .toggle
            let arguments = ["--\(setting.rawValue)"] + (isToggle ? [] : ["7"])
            let command = try ServeCommand.parse(arguments)
            #expect(command.given == [setting: [isToggle ? "true" : "7"]])
        }
    }

    @Test func `The secret is no flag, since process lists show flags`() {
        #expect(throws: (any Error).self) { try ServeCommand.parse(["--jwt-secret", "x"]) }
    }

    @Test func `A flag that is a list may be given several times`() throws {
        let command = try ServeCommand.parse(["--listen", "a", "--listen", "b"])
        #expect(command.given == [.listen: ["a", "b"]])
    }

    @Test func `The page on configuration lists every setting with variable, range and default`()
        throws
    {
        let rows = try Document.named("Configuration.md").split(separator: "\n")
        for setting in Setting.allCases {
            let row = try #require(
                rows.first { $0.hasPrefix("| `\(setting.rawValue)`") },
                "no row for \(setting.rawValue)"
            )
            #expect(row.contains("`\(setting.environmentName)`"), "\(setting.rawValue)")
            guard let rule = setting.numberRule else { continue }
            #expect(row.contains("\(rule.range.lowerBound)–\(rule.range.upperBound)"), "\(row)")
            if let value = rule.defaultValue { #expect(row.contains("| \(value) |"), "\(row)") }
        }
    }

    @Test func `The page on limits has a row with the default of every number that is a limit`()
        throws
    {
        let rows = try Document.named("Limits.md").split(separator: "\n")
        let noLimits: Set<Setting> = [.port, .loops]
        for setting in Setting.allCases where !noLimits.contains(setting) {
            guard let rule = setting.numberRule else { continue }
            let row = try #require(
                rows.first { $0.contains("| `\(setting.rawValue)` |") },
                "no row for \(setting.rawValue)"
            )
            guard let value = rule.defaultValue else { continue }
            let cell = try #require(row.split(separator: "|").dropFirst().first)
            let digits = cell.filter { $0 != "," }.prefix { !$0.isLetter }
            #expect(digits.contains(" \(value) "), "\(row)")
        }
    }

    @Test func `The page on limits names only tests that there are`() throws {
        let page = try Document.named("Limits.md")
        let names = page.matches(of: /`([A-Za-z0-9]+Tests\/[A-Za-z\/]+)`/).map { $0.1 }
        #expect(!names.isEmpty)
        for name in names { #expect(Document.exists("Tests/\(name).swift"), "\(name)") }
    }

    @Test func `The page on configuration lists every member of an issuer, and its file is read`()
        throws
    {
        let page = try Document.named("Configuration.md")
        let rows = page.split(separator: "\n")
        let names =
            IssuerMember.allCases.map(\.rawValue) + WorkspaceMember.allCases.map(\.rawValue)
        for name in names {
            #expect(rows.contains { $0.hasPrefix("| `\(name)` |") }, "no row for \(name)")
        }
        for algorithm in SignatureAlgorithm.allCases {
            #expect(page.contains("`\(algorithm.rawValue)`"))
        }
        #expect(page.contains("up to \(SettingsFile.issuerCountMax) objects"))

        let example = try #require(try Document.jsonBlocks(under: "Issuers", of: page).first)
        let file = SettingsFile(content: Array(example.utf8), path: "f")
        #expect(file.mistakes.isEmpty)
        #expect(file.issuers.count == 2)
    }
}
