import AccessControl
import Bytes
import MCP
import ProtocolTestSupport
import Testing

@Suite("Messages without HTTP fields (MCP, Transports, stdio)")
struct LineTests {
    private let fixture: Fixture

    init() throws {
        fixture = try Fixture()
    }

    private func answer(
        to text: String,
        session: ProtocolVersion? = nil,
        as caller: Principal? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Answer {
        let message = Array(text.utf8)
        var buffer = ByteBuffer()
        let dispatch = fixture.dispatcher.dispatch(
            message.span,
            session: session.map { SessionState(version: $0) },
            caller: caller ?? fixture.admin,
            into: &buffer
        )
        let answer = Answer(dispatch: dispatch, text: String(decoding: buffer.bytes, as: UTF8.self))
        try answer.validate(sourceLocation)
        return answer
    }

    @Test func `A modern message needs nothing but its own metadata`() throws {
        #expect(try answer(to: Message.modern("tools/list").body).result?["tools"] != nil)
        let call = try answer(to: Message.call("list").body)
        #expect(call.call?.name == "list")
    }

    @Test func `Without metadata and without a handshake a request is told what it lacks`() throws {
        let answer = try answer(to: Message.legacy("tools/list").body)
        #expect(answer.errorCode == -32_602)
    }

    @Test func `A version in the metadata that is not served is answered with those that are`()
        throws
    {
        let meta = Message.meta.replacing("2026-07-28", with: "2099-01-01")
        let answer = try answer(to: Message.modern("tools/list", meta: meta).body)
        #expect(answer.errorCode == -32_022)
    }

    @Test(arguments: [ProtocolVersion.v2025_11_25, .v2025_06_18, .v2025_03_26])
    func `A handshake begins a session, after which metadata is out of place`(
        version: ProtocolVersion
    ) throws {
        let handshake = try answer(to: Message.initialize(version.rawValue).body)
        guard case .beginSession(version, _) = handshake.dispatch else {
            Issue.record("\(handshake.dispatch) begins no session of \(version)")
            return
        }
        let list = try answer(to: Message.legacy("tools/list").body, session: version)
        #expect(list.result?["tools"] != nil)
        let modern = try answer(to: Message.modern("tools/list").body, session: version)
        #expect(modern.errorCode == -32_600)
        let again = try answer(to: Message.initialize(version.rawValue).body, session: version)
        #expect(again.errorCode == -32_600)
    }

    @Test func `A ping is answered before the handshake`() throws {
        let answer = try answer(to: Message.legacy("ping").body)
        #expect(answer.text == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
    }

    @Test(arguments: [nil, ProtocolVersion.v2025_11_25])
    func `A notification takes a request back in either era`(session: ProtocolVersion?) throws {
        let body = Message.legacy(
            "notifications/cancelled",
            params: #""requestId":"x""#,
            id: nil
        ).body
        guard case .cancel(let id) = try answer(to: body, session: session).dispatch else {
            Issue.record("nothing is taken back")
            return
        }
        #expect(id == RequestID("x"))
    }

    @Test(arguments: [
        #"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"list"}}"#,
        #"{"jsonrpc":"2.0","method":"notifications/nonsense"}"#,
        #"{"jsonrpc":"2.0","id":7,"result":{}}"#,
        #"{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"}}"#,
    ])
    func `What is no request is never answered, mistaken or not`(message: String) throws {
        guard case .accepted = try answer(to: message).dispatch else {
            Issue.record("it is answered")
            return
        }
    }

    @Test(arguments: [
        (nil, nil), (ProtocolVersion.v2025_11_25, nil), (.v2025_06_18, ""), (.v2025_03_26, ""),
    ])
    func `An error without a request has an id only where the schema demands one`(
        session: ProtocolVersion?,
        id: String?
    ) throws {
        let answer = try answer(to: "no JSON", session: session)
        #expect(answer.errorCode == -32_700)
        #expect(answer.id?.string == id)
    }

    @Test func `A batch is taken apart in the one version that has them`() throws {
        let batch = "[\(Message.legacy("ping").body)]"
        guard case .batch(let places) = try answer(to: batch, session: .v2025_03_26).dispatch else {
            Issue.record("no batch")
            return
        }
        #expect(places.count == 1)
        #expect(try answer(to: batch).errorCode == -32_600)
    }

    @Test func `A refusal names the scope that would help, and answers requests only`() throws {
        let caller = fixture.scoped("list:tools")
        let message = Message.call("list").body
        let decision = try #require(try answer(to: message, as: caller).refusal)
        let refusal = fixture.dispatcher.refusal(of: decision)
        var buffer = ByteBuffer()
        let isAnswered = fixture.dispatcher.encode(
            refusal,
            of: Array(message.utf8).span,
            into: &buffer
        )
        #expect(isAnswered)
        let error = try JSONTree(String(decoding: buffer.bytes, as: UTF8.self))["error"]
        #expect(error?["code"]?.integer == -32_600)
        let text = try #require(error?["message"]?.string)
        #expect(text.hasPrefix("Forbidden: ") && text.contains("read:todos"))

        var nothing = ByteBuffer()
        let notification = #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#
        let isNotificationAnswered = fixture.dispatcher.encode(
            refusal,
            of: Array(notification.utf8).span,
            into: &nothing
        )
        #expect(!isNotificationAnswered && nothing.isEmpty)
    }
}
