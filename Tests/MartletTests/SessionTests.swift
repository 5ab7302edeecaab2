import MCP
import Martlet
import ProtocolTestSupport
import Testing

@Suite("Legacy sessions (MCP 2025-11-25, Session Management)")
struct SessionTests {
    /// The id that a handshake is given.
    private func session(
        _ server: TestServer,
        _ version: String = "2025-11-25",
        token: String
    ) throws -> String {
        let response = try server.exchange(.initialize(version), token: token)
        #expect(response.status == 200)
        #expect(response.result?["protocolVersion"]?.string == version)
        return try #require(response["Mcp-Session-Id"])
    }

    private func list(_ id: String, version: String? = "2025-11-25", token: String) -> Request {
        .message(.legacy("tools/list", version: version), token: token)
            .adding("Mcp-Session-Id", id)
    }

    @Test func `A session id is visible ASCII and different every time`() async throws {
        try await withServer { server in
            let token = try token()
            let ids = try [session(server, token: token), session(server, token: token)]
            #expect(ids[0] != ids[1])
            for id in ids { #expect(id.utf8.allSatisfy { (0x21...0x7E).contains($0) }) }
        }
    }

    @Test(arguments: ["2025-11-25", "2025-06-18", "2025-03-26"])
    func `The session's version counts`(version: String) async throws {
        try await withServer { server in
            let token = try token()
            let id = try session(server, version, token: token)
            for field in [version, nil] {
                let response = try server.exchange(list(id, version: field, token: token))
                #expect(response.status == 200)
                let tool = response.result?["tools"]?[0]
                #expect((tool?["name"]) != nil)
                #expect(response.result?["resultType"] == nil)
            }
            for other in ["2025-11-25", "2025-06-18", "2025-03-26"] where other != version {
                let response = try server.exchange(list(id, version: other, token: token))
                #expect(response.status == 400)
            }
            let twice = list(id, version: version, token: token)
                .adding("MCP-Protocol-Version", version)
            #expect(try server.exchange(twice).errorCode == -32_020)
        }
    }

    @Test func `An id that was changed anywhere is of no session`() async throws {
        try await withServer { server in
            let token = try token()
            let id = try session(server, token: token)
            for index in id.indices {
                let letter = id[index] == "A" ? "B" : "A"
                let changed = id.replacingCharacters(at: index, with: letter)
                let response = try server.exchange(list(changed, token: token))
                #expect(response.status == 404, "changed at \(index)")
            }
            for forged in [
                "", "x", String(id.dropLast()), id + "A", String(repeating: "A", count: 999),
            ] {
                #expect(try server.exchange(list(forged, token: token)).status == 404)
            }
            #expect(try server.exchange(list(id, token: token)).status == 200)
        }
    }

    @Test func `The session of another subject does not exist`() async throws {
        try await withServer({ configuration in
            configuration.issuers.append(TestServer.trusted("https://second.example"))
        }) { server in
            let id = try session(server, token: token("ada"))
            #expect(try server.exchange(list(id, token: token("eve"))).status == 404)
            let namesake = try token("ada", issuer: "https://second.example")
            #expect(try server.exchange(list(id, token: namesake)).status == 404)
            #expect(try server.exchange(list(id, token: token("ada"))).status == 200)
        }
    }

    @Test func `A session is served by every loop and every server with the same key`()
        async throws
    {
        let key = SealKey.random()
        try await withServer(loopCount: 2, { $0.sealKey = key }) { first in
            let token = try token()
            let id = try session(first, token: token)
            // Enough connections for the kernel to have given some to either loop.
            for _ in 0..<32 {
                #expect(try first.exchange(list(id, token: token)).status == 200)
            }
            try await withServer({ $0.sealKey = key }) { second in
                let response = try second.exchange(list(id, token: token))
                #expect(response.status == 200)
            }
            try await withServer { stranger in
                let response = try stranger.exchange(list(id, token: token))
                #expect(response.status == 404)
            }
        }
    }

    @Test func `A version without a session is refused where one is required`() async throws {
        try await withServer { server in
            let message = Message.legacy("tools/list", version: "2025-11-25")
            let token = try token()
            #expect(try server.exchange(message, token: token).status == 400)
            #expect(try server.exchange(.legacy("tools/list"), token: token).status == 200)
        }
    }

    @Test func `The modern protocol begins no session and looks at none`() async throws {
        try await withServer { server in
            let request = Request.message(.modern("server/discover"), token: try token())
            let response = try server.exchange(request.adding("Mcp-Session-Id", "nonsense"))
            #expect(response.status == 200)
            #expect(response["Mcp-Session-Id"] == nil)
        }
    }
}

extension String {
    fileprivate func replacingCharacters(at index: Index, with letter: String) -> String {
        self[..<index] + letter + self[self.index(after: index)...]
    }
}
