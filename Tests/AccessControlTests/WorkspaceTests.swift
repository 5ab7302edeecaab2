import AccessControl
import Testing

@Suite("Workspaces")
struct WorkspaceTests {
    private let ada = Subject(issuer: "https://id.example", name: "ada")

    @Test func `A name of 128 bytes is accepted and one of 129 refused`() {
        #expect(Workspace(String(repeating: "w", count: 128)) != nil)
        #expect(Workspace(String(repeating: "w", count: 129)) == nil)
    }

    @Test(arguments: ["", " ", "a b", "a\n", "a\0", "\u{7F}", "käse", "\u{212A}", "~", "~ada"])
    func `A name that is not visible ASCII or begins with a tilde is refused`(name: String) {
        #expect(Workspace(name) == nil)
    }

    @Test func `A claim names a workspace only within what the issuer may use`() throws {
        let any = WorkspaceRule(claimPath: ["ws"], names: .any, absence: .refuse)
        let list = WorkspaceRule(
            claimPath: ["ws"],
            names: .list(["red", "blue"]),
            absence: .refuse
        )
        let prefix = WorkspaceRule(claimPath: ["ws"], names: .prefix("acme-"), absence: .refuse)

        #expect(try any.workspace(for: ada, claim: .name("green")).name == "green")
        #expect(try list.workspace(for: ada, claim: .name("blue")).name == "blue")
        #expect(try prefix.workspace(for: ada, claim: .name("acme-1")).name == "acme-1")

        for (rule, name) in [
            (list, "green"), (list, "Blue"), (prefix, "acme1"), (prefix, "x-acme-"),
        ] {
            let workspace = try #require(Workspace(name))
            #expect(throws: WorkspaceRefusal.notAllowed(workspace)) {
                try rule.workspace(for: ada, claim: .name(name))
            }
        }
    }

    @Test func `Absence means what the issuer's rule says`() throws {
        let refuse = WorkspaceRule(claimPath: ["ws"], names: .any, absence: .refuse)
        #expect(throws: WorkspaceRefusal.claimMissing) {
            try refuse.workspace(for: ada, claim: .absent)
        }
        let team = try #require(Workspace("team"))
        let fixed = WorkspaceRule(claimPath: ["ws"], names: .list([]), absence: .fixed(team))
        #expect(try fixed.workspace(for: ada, claim: .absent) == team)

        let own = WorkspaceRule(claimPath: ["ws"], names: .any, absence: .ownOfSubject)
        #expect(try own.workspace(for: ada, claim: .absent) == Workspace(ownOf: ada))

        #expect(try WorkspaceRule.shared.workspace(for: ada, claim: .absent).name == "default")
    }

    @Test(arguments: [WorkspaceRule.Claim.malformed, .name(""), .name("a b"), .name("~own")])
    func `A claim that is no workspace name is never taken for absent`(claim: WorkspaceRule.Claim) {
        let rule = WorkspaceRule(claimPath: ["ws"], names: .any, absence: .fixed(.shared))
        #expect(throws: WorkspaceRefusal.claimMalformed) {
            try rule.workspace(for: ada, claim: claim)
        }
    }

    @Test func `A subject's own workspace is no other subject's and cannot be claimed`() {
        let subjects = [
            ada,
            Subject(issuer: "https://id.example", name: "Ada"),
            Subject(issuer: "https://id.example/", name: "ada"),
            Subject(issuer: "https://id.example~", name: "ada"),
            Subject(issuer: "https://id.example", name: "~ada"),
            Subject(issuer: "https://id.example%7E", name: "ada"),
            Subject(issuer: "https://id.example", name: "K"),
            Subject(issuer: "https://id.example", name: "\u{212A}"),
            Subject(issuer: "", name: "https://id.exampleada"),
        ]
        let names = Set(subjects.map { Workspace(ownOf: $0).name })
        #expect(names.count == subjects.count)
        for name in names { #expect(Workspace(name) == nil) }
        #expect(names.contains("~https://id.example~%E2%84%AA"))
    }

    @Test func `Subjects are told apart byte for byte, and by their issuer`() {
        let kelvin = Subject(issuer: "i", name: "\u{212A}")
        let letter = Subject(issuer: "i", name: "K")
        #expect("\u{212A}" == "K")
        #expect(kelvin != letter)
        #expect(Set([kelvin, letter]).count == 2)
        #expect(Subject(issuer: "a", name: "x") != Subject(issuer: "b", name: "x"))
        #expect(Subject(issuer: "a", name: "x") == Subject(issuer: "a", name: "x"))
    }
}
