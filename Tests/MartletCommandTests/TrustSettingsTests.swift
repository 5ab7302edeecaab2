import JWT
import Martlet
import MartletCommand
import Testing

@Suite("Whose tokens are accepted")
struct TrustSettingsTests {
    private static let issuers = """
        "issuers": [{"issuer": "https://a.example", "workspace": {"absent": "own"}}]
        """
    private static let secret = String(repeating: "s", count: 64)

    @Test func `With an authorization server in the file no secret is needed and no key is made`() {
        let outcome = read("{\(Self.issuers)}", [:])
        #expect(outcome.mistakes.isEmpty)
        #expect(outcome.settings.trust.own == nil)
        #expect(outcome.settings.trust.others.map(\.issuer) == ["https://a.example"])
    }

    @Test func `The issuer of the environment and those of the file are trusted together`() throws {
        let outcome = read("{\(Self.issuers)}", ["JWT_SECRET": Self.secret, "JWT_ISSUER": "mine"])
        #expect(outcome.mistakes.isEmpty)
        let configuration = try outcome.settings.configuration(
            secret: outcome.settings.trust.own?.loadSecret(),
            sealKey: .random()
        )
        #expect(configuration.issuers.map(\.issuer) == ["mine", "https://a.example"])
    }

    @Test func `A development server trusts its own key besides those of the file`() {
        let outcome = read("{\(Self.issuers)}", [:], isDevelopment: true)
        #expect(outcome.mistakes.isEmpty)
        #expect(outcome.settings.trust.own?.name == "martlet-development")
        #expect(outcome.settings.trust.others.count == 1)
    }

    @Test func `An issuer of the file with the name of the environment's is a mistake`() {
        let outcome = read(
            "{\(Self.issuers)}",
            ["JWT_SECRET": Self.secret, "JWT_ISSUER": "https://a.example"]
        )
        #expect(
            outcome.mistakes == [
                .section(
                    SectionMistake(
                        path: "f",
                        place: "issuers[0]",
                        .duplicateIssuer(issuer: "https://a.example", first: "JWT_ISSUER")
                    )
                )
            ]
        )
    }

    @Test func `Settings of tokens with a secret are a mistake where there is none`() {
        let outcome = read(
            "{\(Self.issuers), \"jwt-algorithm\": \"HS512\"}",
            ["JWT_ISSUER": "x", "JWT_AUDIENCE": "y"]
        )
        #expect(
            outcome.mistakes == [
                .value(.withoutSecret(.jwtIssuer, .environment)),
                .value(.withoutSecret(.jwtAudience, .environment)),
                .value(.withoutSecret(.jwtAlgorithm, .file)),
            ]
        )
    }

    @Test func `A file whose issuers are all mistaken is not told to have a secret as well`() {
        let outcome = read(#"{"issuers": [{"issuer": "https://a.example"}]}"#, [:])
        #expect(outcome.mistakes.count == 1)
    }

    @Test func `What is configured reaches the library`() throws {
        let outcome = read(
            #"""
            {"issuers": [{
              "issuer": "https://a.example", "audiences": ["x"], "algorithms": ["ES256"],
              "profile": "ignored", "roles-claims": ["a.b"], "roles-required": true,
              "role-names": {"c": "d"}, "scope-claims": ["e"], "scope-names": {"f": "g"},
              "permissions-claim": "h", "workspace": {"claim": "i", "names": ["j"]}
            }, {"issuer": "https://b.example", "workspace": {"absent": "own"}}]}
            """#,
            [:]
        )
        #expect(outcome.mistakes.isEmpty)
        let first = try #require(outcome.settings.trust.others.first)
        #expect(first.audiences == ["x"])
        #expect(first.algorithms == [.es256])
        #expect(first.profile == .ignored)
        #expect(first.roleClaimPaths == [["a", "b"]])
        #expect(first.requiresRoles)
        #expect(first.roleNames == ["c": ["d"]])
        #expect(first.scopeClaimPaths == [["e"]])
        #expect(first.scopeNames == ["f": ["g"]])
        #expect(first.permissionsClaimPath == ["h"])
        #expect(
            first.workspace
                == WorkspaceRule(claimPath: ["i"], names: .list(["j"]), absence: .refuse)
        )

        let second = try #require(outcome.settings.trust.others.last)
        let library = IssuerConfiguration("", keys: .discovery, workspace: .shared)
        #expect(second.profile == .preferred)
        #expect(second.roleClaimPaths == library.roleClaimPaths)
        #expect(second.scopeClaimPaths == library.scopeClaimPaths)
        #expect(second.permissionsClaimPath == library.permissionsClaimPath)
        #expect(second.roleNames == nil)
        #expect(!second.requiresRoles)
    }

    private func read(
        _ text: String,
        _ environment: [String: String],
        isDevelopment: Bool = false
    ) -> (settings: ServeSettings, mistakes: [SettingMistake]) {
        let file = SettingsFile(content: Array(text.utf8), path: "f")
        var reader = SettingsReader(flags: [:], environment: environment, file: file)
        let settings = ServeSettings(
            &reader,
            isDevelopment: isDevelopment,
            descriptorCountMax: 20_000
        )
        return (settings, reader.mistakes)
    }
}
