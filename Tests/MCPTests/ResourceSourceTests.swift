import AccessControl
import MCP
import ProtocolTestSupport
import Testing

@Suite("Resources that are found when the list is asked for (MCP, Resources)")
struct ResourceSourceTests {
    @Test func `What sources find follows the fixed resources, page by page, each once`()
        async throws
    {
        for pageCountMax in [1, 2, 3, 4, 5, 100] {
            let fixture = try Fixture(features(ownCount: 5), pageCountMax: pageCountMax)
            let uris = try await list(
                fixture,
                as: named("ada", like: fixture.admin),
                pageCountMax: pageCountMax
            )
            let own = (0..<5).map { "test://own/ada/\($0)" }
            #expect(uris == ["test://fixed/0", "test://fixed/1", "test://secret/0"] + own)
        }
    }

    @Test func `Each caller is shown what the source finds for it, if it may use the source`()
        async throws
    {
        let fixture = try Fixture(features(ownCount: 2), pageCountMax: 2)
        let uris = try await list(
            fixture,
            as: named("eve", like: fixture.readonly),
            pageCountMax: 2
        )
        // The fixed ones and its own; not what only an admin may have.
        #expect(
            uris == [
                "test://fixed/0", "test://fixed/1", "test://own/eve/0", "test://own/eve/1",
            ]
        )
    }

    @Test func `A cursor that was not issued leads nowhere`() async throws {
        let fixture = try Fixture(features(ownCount: 2), pageCountMax: 1)
        // "source:9", "source:", "source:x", "source:-1" and the secret source for who may not.
        for cursor in ["c291cmNlOjk", "c291cmNlOg", "c291cmNlOng", "c291cmNlOi0x", "x", ""] {
            let params = "\"cursor\":\"\(cursor)\""
            let answer = try fixture.answer(to: .modern("resources/list", params: params))
            #expect(answer.errorCode == -32_602, "\(cursor)")
        }
        let secret = "\"cursor\":\"c291cmNlOjA\""
        let message = Message.modern("resources/list", params: secret)
        let answer = try fixture.answer(to: message, as: fixture.readonly)
        #expect(answer.errorCode == -32_602)
    }

    @Test func `A source that gives more than it was asked for is a defect, and is told as one`()
        async throws
    {
        let greedy = ResourceSource(permission: .readTodos) { _, _, _ in
            ResourcePage((0..<4).map { .init(uri: "test://\($0)", name: "\($0)") })
        }
        let fixture = try Fixture(ServerFeatures(resourceSources: [greedy]), pageCountMax: 3)
        let answer = try fixture.answer(to: .modern("resources/list"))
        let response = try await answer.response(as: fixture.admin)
        #expect(response["error"]?["code"]?.integer == -32_603)
    }

    @Test func `A source makes resources one of the server's capabilities`() throws {
        let fixture = try Fixture(
            ServerFeatures(
                resourceSources: [
                    ResourceSource(permission: .readTodos) { _, _, _ in ResourcePage([]) }
                ]
            )
        )
        let answer = try fixture.answer(to: .modern("server/discover"))
        #expect(answer.result?["capabilities"]?["resources"] != nil)
    }

    /// Two fixed resources; a source for admins, and one that finds `ownCount` of the caller's own.
    private func features(ownCount: Int) -> ServerFeatures {
        let fixed = (0..<2).map { number in
            Resource(
                .init(uri: "test://fixed/\(number)", name: "\(number)"),
                permission: .readTodos
            ) { _, _ in [] }
        }
        let secret = ResourceSource(permission: .deleteTodos) { _, _, _ in
            ResourcePage([.init(uri: "test://secret/0", name: "secret")])
        }
        let own = ResourceSource(permission: .readTodos) { after, countMax, context in
            let name = context.principal.subject.name
            let first = after.flatMap { Int($0) } ?? 0
            let last = min(first + countMax, ownCount)
            return ResourcePage(
                (first..<last).map { .init(uri: "test://own/\(name)/\($0)", name: "\($0)") },
                next: last < ownCount ? "\(last)" : nil
            )
        }
        return ServerFeatures(resources: fixed, resourceSources: [secret, own])
    }

    /// Somebody with another's rights.
    private func named(_ name: String, like other: Principal) -> Principal {
        Principal(
            subject: Subject(issuer: "https://issuer.example", name: name),
            workspace: .shared,
            rights: other.rights
        )
    }

    /// The URIs on all pages.
    private func list(
        _ fixture: Fixture,
        as caller: Principal,
        pageCountMax: Int
    ) async throws -> [String] {
        var uris: [String] = []
        var cursor: String?
        repeat {
            let params = cursor.map { "\"cursor\":\"\($0)\"" } ?? ""
            let message = Message.modern("resources/list", params: params)
            let answer = try fixture.answer(to: message, as: caller)
            let result = try #require(try await answer.response(as: caller)["result"])
            let page = result["resources"]?.elements.compactMap { $0["uri"]?.string } ?? []
            #expect(page.count <= pageCountMax)
            uris += page
            cursor = result["nextCursor"]?.string
        } while cursor != nil
        return uris
    }
}
