import AccessControl
import MCP
import ProtocolTestSupport
import Testing

@Suite("Access to tools")
struct AccessTests {
    private let fixture: Fixture

    init() throws {
        fixture = try Fixture()
    }

    private func tools(_ caller: Principal, _ message: Message) throws -> [String] {
        let answer = try fixture.answer(to: message, as: caller)
        return answer.result?["tools"]?.elements.compactMap { $0["name"]?.string } ?? []
    }

    private func decision(_ message: Message, _ caller: Principal) -> AccessDecision {
        fixture.dispatcher.decisionBeforeBody(MirroredFields(message.fields), of: caller)
    }

    @Test(arguments: [Message.modern("tools/list"), .legacy("tools/list")])
    func `Callers with different rights see different lists`(message: Message) throws {
        #expect(try tools(fixture.admin, message) == ["greet", "list", "wipe.all"])
        #expect(try tools(fixture.readonly, message) == ["list"])
        let greeter = fixture.scoped("list:tools", "call:tools", "greet:people")
        #expect(try tools(greeter, message) == ["greet"])
        // Who may not call sees nothing that can be called.
        #expect(try tools(fixture.scoped("list:tools", "greet:people"), message) == [])
    }

    @Test(arguments: [
        Message.call("wipe.all"), .legacy("tools/call", params: #""name":"wipe.all""#),
    ])
    func `What the role forbids is refused, and no scope would help`(message: Message) throws {
        let refusal = try fixture.answer(to: message, as: fixture.readonly).refusal
        guard case .forbidden(let missing) = refusal else {
            Issue.record("\(String(describing: refusal)) is not forbidden")
            return
        }
        #expect(fixture.policy.permissions(in: missing) == [.deleteTodos])
    }

    @Test func `What the scope leaves out is refused with all that is needed`() throws {
        let caller = fixture.scoped("read:todos")
        for message in [
            Message.call("greet", arguments: #"{"name":"a"}"#),
            .legacy("tools/call", params: #""name":"greet","arguments":{"name":"a"}"#),
        ] {
            let refusal = try fixture.answer(to: message, as: caller).refusal
            guard case .insufficientScope(let needed) = refusal else {
                Issue.record("\(String(describing: refusal)) is not a matter of scope")
                return
            }
            #expect(
                Set(fixture.policy.permissions(in: needed))
                    == [.callTools, Permission("greet:people")]
            )
        }
    }

    @Test func `A refusal says nothing of whether the arguments or the tool are right`() throws {
        let nobody = fixture.scoped("openid")
        for message in [
            Message.call("greet", arguments: "{}"), .call("greet", arguments: "[]"),
            .call("no-such-tool"), .legacy("tools/call", params: #""name":"no-such-tool""#),
        ] {
            #expect(try fixture.answer(to: message, as: nobody).refusal != nil)
        }
    }

    @Test func `The decision before the body is that after it`() throws {
        let callers = [
            fixture.admin, fixture.readonly, fixture.scoped("list:tools"),
            fixture.scoped("call:tools", "greet:people"), fixture.scoped("openid"),
        ]
        let messages = [
            Message.modern("tools/list"), .call("greet", arguments: #"{"name":"a"}"#),
            .call("list"), .call("wipe.all"), .call("nobody"), .modern("server/discover"),
        ]
        for caller in callers {
            for message in messages {
                let before = decision(message, caller)
                let after = try fixture.answer(to: message, as: caller).refusal
                #expect(after ?? .allowed == before)
            }
        }
    }

    @Test func `Fields that leave the request open decide nothing before the body`() {
        let message = Message.call("wipe.all")
        #expect(decision(message, fixture.readonly) != .allowed)
        for open in [
            message.without("Mcp-Method"), message.adding("Mcp-Method", "tools/list"),
            message.having("Mcp-Method", "nobody/knows"), message.without("Mcp-Name"),
            message.having("Mcp-Name", "=?base64?!?="), message.adding("Mcp-Name", "list"),
        ] {
            #expect(decision(open, fixture.readonly) == .allowed)
        }
        let encoded = message.having("Mcp-Name", "=?base64?d2lwZS5hbGw=?=")
        #expect(decision(encoded, fixture.readonly) != .allowed)
    }
}
