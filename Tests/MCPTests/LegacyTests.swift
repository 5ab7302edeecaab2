import AccessControl
import MCP
import ProtocolTestSupport
import Testing

@Suite("MCP 2025-03-26 to 2025-11-25")
struct LegacyTests {
    private let fixture: Fixture

    private static let versions: [ProtocolVersion] = [.v2025_11_25, .v2025_06_18, .v2025_03_26]

    init() throws {
        fixture = try Fixture()
    }

    @Test(arguments: versions)
    func `The handshake agrees on the client's version if it is served`(
        version: ProtocolVersion
    ) throws {
        let answer = try fixture.answer(to: .initialize(version.rawValue))
        guard case .beginSession(version, _) = answer.dispatch else {
            Issue.record("\(answer.dispatch) begins no session of \(version)")
            return
        }
        #expect(answer.result?["protocolVersion"]?.string == version.rawValue)
        let capabilities = answer.result?["capabilities"]
        #expect(capabilities == .object(["tools": .object([:]), "logging": .object([:])]))
        #expect(answer.result?["serverInfo"]?["name"]?.string == "fixture")
        let hasTitle = answer.result?["serverInfo"]?["title"] != nil
        #expect(hasTitle == (version != .v2025_03_26))
        #expect(answer.result?["resultType"] == nil)
    }

    @Test(arguments: ["1.0", "2024-11-05", "2026-07-28", "2099-12-31", ""])
    func `The handshake offers the newest legacy version instead of one not served`(
        version: String
    ) throws {
        let answer = try fixture.answer(to: .initialize(version))
        #expect(answer.result?["protocolVersion"]?.string == "2025-11-25")
    }

    @Test(arguments: [
        "", #""protocolVersion":1,"capabilities":{},"clientInfo":{}"#,
        #""protocolVersion":"2025-11-25","clientInfo":{}"#,
        #""protocolVersion":"2025-11-25","capabilities":[],"clientInfo":{}"#,
        #""protocolVersion":"2025-11-25","capabilities":{}"#,
    ])
    func `A handshake that lacks something has invalid params and begins no session`(
        params: String
    ) throws {
        let answer = try fixture.answer(to: .legacy("initialize", params: params))
        #expect(answer.errorCode == -32_602)
        #expect(answer.statusCode == 200)
    }

    @Test(arguments: versions)
    func `Ping is answered with an empty object and nothing else`(version: ProtocolVersion) throws {
        let answer = try fixture.answer(to: .legacy("ping", id: #""p""#), session: version)
        #expect(answer.text == #"{"jsonrpc":"2.0","id":"p","result":{}}"#)
    }

    @Test(arguments: versions)
    func `A list has no member of the modern era`(version: ProtocolVersion) throws {
        let answer = try fixture.answer(to: .legacy("tools/list"), session: version)
        #expect(answer.result?.names == ["tools"])
        let greet = answer.result?["tools"]?[0]
        #expect((greet?["outputSchema"] != nil) == (version != .v2025_03_26))
        #expect((greet?["title"] != nil) == (version != .v2025_03_26))
    }

    @Test(arguments: versions)
    func `An error in answer to a well-formed request travels with 200`(
        version: ProtocolVersion
    ) throws {
        for (message, code) in [
            (Message.legacy("no/such/method"), -32_601), (.legacy("server/discover"), -32_601),
            (.legacy("tools/call", params: #""name":"nobody""#), -32_602),
            (.legacy("tools/call"), -32_602),
            (.legacy("tools/list", params: #""cursor":"x""#), -32_602),
            (.legacy("tools/list", params: #""_meta":7"#), -32_602),
            (.legacy("tools/call", params: #""name":"list","name":"list""#), -32_602),
        ] {
            let answer = try fixture.answer(to: message, session: version)
            #expect(answer.errorCode == code)
            #expect(answer.statusCode == 200)
        }
    }

    @Test(arguments: versions)
    func
        `A message that is not a request is 400, in JSON only where its schema lets an id be absent`(
            version: ProtocolVersion
        ) throws
    {
        for body in ["{", "7", "[]", #"{"jsonrpc":"2.0","id":null,"method":"ping"}"#] {
            let answer = try fixture.answer(to: Message(body: body), session: version)
            #expect(answer.statusCode == 400)
            switch answer.dispatch {
            case .respondInPlainText: #expect(version != .v2025_11_25)
            case .respond: #expect(version == .v2025_11_25)
            default: Issue.record("\(answer.dispatch) is no refusal")
            }
        }
        let withID = #"{"jsonrpc":"1.0","id":1,"method":"ping"}"#
        let answer = try fixture.answer(to: Message(body: withID), session: version)
        #expect(answer.errorCode == -32_600)
    }

    @Test func `Notifications and responses are accepted without content`() throws {
        for body in [
            #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#,
            #"{"jsonrpc":"2.0","id":7,"result":{}}"#,
            #"{"jsonrpc":"2.0","id":7,"error":{"code":-1,"message":"no"}}"#,
        ] {
            let answer = try fixture.answer(
                to: Message(body: body),
                session: .v2025_11_25
            )
            #expect(answer.statusCode == 202)
        }
    }

    @Test(arguments: ["2025-11-25", "2025-06-18", "2025-03-26", nil])
    func `A modern body under a legacy version or none is a header mismatch`(
        version: String?
    ) throws {
        let modern = Message.modern("tools/list")
        var message = modern.without("Mcp-Method").without("MCP-Protocol-Version")
        if let version { message = message.adding("MCP-Protocol-Version", version) }
        let answer = try fixture.answer(to: message)
        #expect(answer.errorCode == -32_020)
        #expect(answer.statusCode == 400)
    }

    @Test func `A version that is repeated is a header mismatch in this era too`() throws {
        for session in [nil, ProtocolVersion.v2025_11_25] {
            let message = Message.legacy("ping", version: "2025-11-25")
                .adding("MCP-Protocol-Version", "2025-11-25")
            let answer = try fixture.answer(to: message, session: session)
            #expect(answer.errorCode == -32_020)
            #expect(answer.statusCode == 400)
        }
    }

    @Test(arguments: versions)
    func `Whoever names a version and no session is refused, unless it begins one`(
        version: ProtocolVersion
    ) throws {
        let message = Message.legacy("tools/list", version: version.rawValue)
        #expect(try fixture.answer(to: message).statusCode == 400)
        #expect(try fixture.answer(to: message).errorCode == -32_600)
        #expect(try fixture.answer(to: message, session: version).statusCode == 200)
        let first = Message.initialize(version.rawValue)
            .adding("MCP-Protocol-Version", version.rawValue)
        #expect(try fixture.answer(to: first).statusCode == 200)
    }

    @Test func `Without session and version the oldest revision is assumed`() throws {
        let answer = try fixture.answer(to: .legacy("tools/list"))
        #expect(answer.statusCode == 200)
        #expect(answer.result?["tools"]?[0]?["outputSchema"] == nil)
        let call = try fixture.answer(to: .legacy("tools/call", params: #""name":"list""#)).call
        #expect(call?.protocolVersion == .v2025_03_26)
    }
}
