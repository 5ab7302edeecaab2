import JWT
import MartletCommand
import Testing

@Suite("The doctor (MCP Authorization, RFC 9728, RFC 8414)")
struct DoctorTests {
    @Test func `Where nothing is wrong every step is named and both eras list the tools`()
        async throws
    {
        let site = try ExaminedSite()
        let examined = try await Examined(site, token: site.token())
        #expect(examined.isSound)
        #expect(examined.findings.map(\.step) == Finding.Step.allCases)
        #expect(examined.findings.allSatisfy { $0.grade == .good })
        #expect("\(examined.findings[5])" == "ok    tools/list: 2 tools: add, list")
    }

    @Test func `Without a token the walk ends at the keys`() async throws {
        let examined = try await Examined(try ExaminedSite())
        #expect(examined.isSound)
        #expect(examined.findings.map(\.step) == [.challenge, .metadata, .issuer, .keySet])
        #expect(!examined.questions.contains { $0.bearsToken })
    }

    @Test(arguments: SiteFault.all)
    func `The walk ends at the first thing that is wrong and says what to do`(fault: SiteFault)
        async throws
    {
        var site = try ExaminedSite()
        try fault.spoil(&site)
        let examined = try await Examined(site, token: site.token())
        let found = try #require(examined.fault)
        #expect(!examined.isSound)
        #expect(found.step == fault.step)
        #expect(found.text.contains(fault.words), "\(found)")
        #expect(examined.findings.filter(\.isWrong).count == 1)
        guard case .wrong(let remedy) = found.grade else { return }
        #expect(!remedy.isEmpty)
        #expect(!"\(found)".contains("\n"))
    }

    @Test func `A token goes to the URL and nowhere else`() async throws {
        let site = try ExaminedSite()
        let examined = try await Examined(site, token: site.token())
        let bearing = examined.questions.filter(\.bearsToken)
        #expect(bearing.count == 4)
        #expect(bearing.allSatisfy { $0.url == ExaminedSite.url })
        #expect(examined.questions.filter { !$0.bearsToken }.count == 4)
    }

    @Test func `A token that is not for this resource is never sent`() async throws {
        let site = try ExaminedSite()
        for token in [
            site.token(audience: "https://other.example/mcp"),
            site.token(issuer: "https://other.example"),
            site.token(seconds: -3_600),
            site.token(key: try SigningKey.generate(.es256)),
            TokenText("nonsense"),
        ] {
            let examined = try await Examined(site, token: token)
            #expect(examined.fault?.step == .token)
            #expect(!examined.questions.contains { $0.bearsToken })
        }
    }

    @Test func `Nothing is asked of a server over plain http beyond this machine`() async throws {
        let examined = try await Examined(try ExaminedSite(), url: "http://todos.example/mcp")
        #expect(examined.fault?.step == .challenge)
        #expect(examined.questions.isEmpty)
    }

    @Test func `An audience that is named counts in place of the URL`() async throws {
        let site = try ExaminedSite()
        let token = site.token(audience: "api://todos")
        #expect(try await Examined(site, token: token).fault?.step == .token)
        #expect(try await Examined(site, token: token, audience: "api://todos").isSound)
    }

    @Test func `A server that hands out tokens by hand is doubtful, and its tools are listed`()
        async throws
    {
        var site = try ExaminedSite()
        site.edit(
            ExaminedSite.metadataURL,
            "\"authorization_servers\":[\"\(ExaminedSite.issuer)\"],",
            ""
        )
        let examined = try await Examined(site, token: site.token(issuer: "martlet"))
        #expect(examined.isSound)
        #expect(examined.findings.contains { $0.step == .metadata && $0.grade == .doubtful })
        #expect(examined.findings.last?.step == .legacyTools)

        for token in [site.token(seconds: -3_600), site.token(audience: "other")] {
            let examined = try await Examined(site, token: token)
            #expect(examined.fault?.step == .token)
            #expect(!examined.questions.contains { $0.bearsToken })
        }
    }

    @Test func `A server of earlier revisions alone is examined in theirs`() async throws {
        var site = try ExaminedSite()
        site.modern = Answer(400, body: Array("Bad Request".utf8))
        let examined = try await Examined(site, token: site.token())
        #expect(examined.isSound)
        #expect(examined.findings.contains { $0.step == .modernTools && $0.grade == .doubtful })
        #expect(examined.findings.last?.text.hasPrefix("2 tools") == true)
    }

    @Test func `A server of the modern revision alone is sound`() async throws {
        var site = try ExaminedSite()
        site.initialize = Answer(404)
        let examined = try await Examined(site, token: site.token())
        #expect(examined.isSound)
        #expect(examined.findings.last?.grade == .doubtful)
    }

    @Test func `Metadata that no challenge names is looked for where it must be`() async throws {
        var site = try ExaminedSite()
        site.challenge = Answer(401, [.challenge: "Bearer"])
        let examined = try await Examined(site)
        #expect(examined.isSound)
        #expect(examined.findings.first?.grade == .doubtful)
    }

    @Test func `OpenID discovery will do where RFC 8414 has nothing`() async throws {
        var site = try ExaminedSite()
        site.documents[ExaminedSite.openIDURL] = site.documents.removeValue(
            forKey: ExaminedSite.issuerURL
        )
        #expect(try await Examined(site).isSound)
    }

    @Test func `What clients get by with is told and does not end the walk`() async throws {
        var site = try ExaminedSite()
        site.edit(ExaminedSite.issuerURL, "registration_endpoint", "x")
        site.edit(ExaminedSite.metadataURL, "[\"header\"]", "[\"body\"]")
        site.edit(ExaminedSite.metadataURL, "[\"read:todos\"]", "[\"offline_access\"]")
        let examined = try await Examined(site, url: "HTTPS://Todos.Example:443/mcp/")
        #expect(examined.isSound)
        #expect(examined.findings.filter { $0.grade == .doubtful }.count == 3)
    }

    @Test func `What a server says cannot write over the terminal`() async throws {
        var site = try ExaminedSite()
        site.challenge = Answer(401, [.challenge: "Bearer error=\"\u{1B}[2J\u{202E}\""])
        let examined = try await Examined(site)
        let text = examined.findings.map { "\($0)" }.joined()
        #expect(!text.contains("\u{1B}"))
        #expect(!text.contains("\u{202E}"))
    }

    @Test func `The findings are one JSON object for programs`() async throws {
        var site = try ExaminedSite()
        site.documents[ExaminedSite.metadataURL] = nil
        var report = ExaminationReport(url: ExaminedSite.url)
        report.findings = try await Examined(site).findings
        let json = try JSONValue(parsing: Array(report.json.utf8))
        #expect(json["ok"] == .bool(false))
        guard case .array(let findings) = json["findings"] ?? .null else {
            Issue.record("no findings")
            return
        }
        #expect(findings.count == report.findings.count)
        #expect(findings.last?["grade"] == .string("fail"))
        #expect(findings.last?["remedy"]?.string?.isEmpty == false)
    }
}
