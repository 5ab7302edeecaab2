import AccessControl
import MCP
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Whose a task is (ext-tasks, Security Considerations)")
struct TaskOwnershipTests {
    private static let workspaces: @Sendable (inout ServerConfiguration) -> Void = {
        let rule = WorkspaceRule(claimPath: ["team"], names: .any, absence: .fixed(.shared))
        $0.issuers = [
            TestServer.trusted(workspace: rule),
            TestServer.trusted("https://other.example", workspace: rule),
        ]
    }

    @Test func `To others a task does not exist, in the words of one that never was`() async throws
    {
        try await withServer(loopCount: 2, features: .long, Self.workspaces) { server in
            let owner = try TaskTalk(server)
            let id = try owner.begin("dig")
            let never = "AAAAAAAAAAAAAAAAAAAAAA"
            for stranger in try [
                token("eve"), token("ada", workspace: "elsewhere"),
                token("ada", issuer: "https://other.example"),
                token("root", role: "admin"),
            ] {
                let talk = try TaskTalk(server, stranger)
                for (method, params) in [
                    ("tasks/get", ""), ("tasks/cancel", ""),
                    ("tasks/update", #""inputResponses":{}"#),
                ] {
                    let response = try talk.request(method, id, params)
                    let unknown = try talk.request(method, never, params)
                    #expect(response.status == 400)
                    #expect(response.errorCode == -32_602)
                    #expect(response.text == unknown.text)
                    #expect(
                        response.fields.filter { $0.name != "Date" }
                            == unknown.fields.filter { $0.name != "Date" }
                    )
                }
                #expect(try talk.listen([id]).acknowledged == [])
            }
            #expect(try owner.get(id).result?["status"]?.string == "working")
            #expect(server.journal.count(of: "cancelled") == 0)
        }
    }

    @Test func `An owner who may not call the tool any longer may not ask for the task`()
        async throws
    {
        try await withServer(features: .long) { server in
            let admin = try TaskTalk(server, token("ada", role: "admin"))
            let id = try admin.begin("guarded")
            _ = try await admin.wait(id, for: "completed")
            let demoted = try TaskTalk(server, token("ada", role: "readonly"))
            #expect(try demoted.call("guarded").status == 403)
            for method in ["tasks/get", "tasks/cancel"] {
                #expect(try demoted.request(method, id).status == 403)
            }
            #expect(try demoted.listen([id]).acknowledged == [])
            #expect(try admin.get(id).status == 200)
        }
    }
}
