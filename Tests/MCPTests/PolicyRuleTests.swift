import AccessControl
import MCP
import ProtocolTestSupport
import Synchronization
import Testing

@Suite("Rules of a policy in both eras")
struct PolicyRuleTests {
    private static let document = PolicyDocument(
        entries: [
            .init(
                .tool("greet"),
                [
                    AccessRule([.deleteTodos]),
                    AccessRule(
                        [.readTodos],
                        when: [
                            .claim("department", is: .equals("it")),
                            .argument("name", is: .prefix("a")),
                        ]
                    ),
                ]
            ),
            .init(.method("server/discover"), [AccessRule([.updateTodos])]),
            .init(.method("ping"), [AccessRule([.updateTodos])]),
            .init(.method("initialize"), [AccessRule([.updateTodos])]),
        ]
    )

    private let fixture: Fixture

    init() throws {
        fixture = try Fixture(Self.document)
    }

    /// A caller in the IT department.
    private func colleague(_ roles: [String]?, scope: [String]? = nil) -> Principal {
        fixture.principal(roles: roles, scope: scope, claims: #"{"department":"it"}"#)
    }

    private func calls(_ arguments: String) -> [Message] {
        [
            .call("greet", arguments: arguments),
            .legacy("tools/call", params: #""name":"greet","arguments":\#(arguments)"#),
        ]
    }

    private func outcome(_ message: Message, _ caller: Principal) throws -> AccessOutcome {
        let answer = try fixture.answer(to: message, as: caller)
        return fixture.policy.outcome(of: answer.refusal ?? .allowed)
    }

    private func outcomeBeforeBody(_ message: Message, _ caller: Principal) -> AccessOutcome {
        let fields = MirroredFields(message.fields)
        return fixture.policy.outcome(
            of: fixture.dispatcher.decisionBeforeBody(fields, of: caller)
        )
    }

    @Test func `What depends on arguments is decided by them, in both eras`() throws {
        let caller = colleague(["readonly"])
        for message in calls(#"{"name":"ada"}"#) {
            #expect(try fixture.answer(to: message, as: caller).call != nil)
        }
        for arguments in [
            #"{"name":"bob"}"#, "{}", #"{"name":1}"#, #"{"name":"ada","name":"ada"}"#,
        ] {
            for message in calls(arguments) {
                #expect(try outcome(message, caller) == .forbidden, "\(arguments)")
            }
        }
        #expect(outcomeBeforeBody(calls("{}")[0], caller) == .dependsOnArguments)
    }

    @Test func `What no arguments can change is decided before the body`() throws {
        let stranger = fixture.principal(roles: ["readonly"])
        let admin = fixture.admin
        for message in calls(#"{"name":"ada"}"#) {
            #expect(try outcome(message, stranger) == .forbidden)
            #expect(try outcome(message, admin) == .allowed)
        }
        let call = calls("{}")[0]
        #expect(outcomeBeforeBody(call, stranger) == .forbidden)
        #expect(outcomeBeforeBody(call, admin) == .allowed)
    }

    @Test func `A scope too narrow is told after the body what the rule in question needs`()
        throws
    {
        let caller = colleague(["readonly"], scope: ["call:tools"])
        #expect(outcomeBeforeBody(calls("{}")[0], caller) == .dependsOnArguments)
        for message in calls(#"{"name":"ada"}"#) {
            #expect(
                try outcome(message, caller) == .insufficientScope(scope: "read:todos call:tools")
            )
        }
        for message in calls(#"{"name":"bob"}"#) {
            #expect(try outcome(message, caller) == .forbidden)
        }
    }

    @Test func `A refusal by arguments says nothing of whether they satisfy the schema`() throws {
        let caller = colleague(["readonly"])
        for arguments in [#"{"name":"b","extra":1}"#, #"{"name":""}"#, "[]", "null", "1"] {
            for message in calls(arguments) {
                let answer = try fixture.answer(to: message, as: caller)
                #expect(answer.refusal != nil, "\(arguments)")
            }
        }
        // Allowed by the rule, and told what is wrong.
        for message in calls(#"{"name":"a","extra":1}"#) {
            #expect(try fixture.answer(to: message, as: caller).result?["isError"]?.bool == true)
        }
    }

    @Test(arguments: [Message.modern("tools/list"), .legacy("tools/list")])
    func `A tool that depends on arguments is listed for who may call it with some`(
        message: Message
    ) throws {
        func names(_ caller: Principal) throws -> [String] {
            let answer = try fixture.answer(to: message, as: caller)
            return answer.result?["tools"]?.elements.compactMap { $0["name"]?.string } ?? []
        }
        #expect(try names(colleague(["readonly"])) == ["greet", "list"])
        #expect(try names(fixture.readonly) == ["list"])
        let narrow = colleague(["readonly"], scope: ["call:tools", "list:tools"])
        #expect(try names(narrow) == [])
    }

    @Test func `Methods have rules as tools have`() throws {
        let discover = Message.modern("server/discover")
        #expect(try outcome(discover, fixture.readonly) == .forbidden)
        #expect(outcomeBeforeBody(discover, fixture.readonly) == .forbidden)
        #expect(outcomeBeforeBody(discover, fixture.admin) == .allowed)
        for message in [Message.legacy("ping"), .initialize("2025-11-25")] {
            #expect(try outcome(message, fixture.readonly) == .forbidden)
            #expect(try outcome(message, fixture.admin) == .allowed)
        }
        #expect(try outcome(.modern("tools/list"), fixture.readonly) == .allowed)
    }

    @Test func `The decision before the body is that after it unless arguments matter`() throws {
        let callers = [
            fixture.admin, fixture.readonly, colleague(["readonly"]), colleague(["user"]),
            colleague(nil, scope: ["call:tools"]), colleague(nil, scope: ["delete:todos"]),
            colleague(["user"], scope: ["call:tools"]), fixture.scoped("openid"),
        ]
        for caller in callers {
            for arguments in ["{}", #"{"name":"ada"}"#, #"{"name":"bob"}"#] {
                let message = calls(arguments)[0]
                let before = outcomeBeforeBody(message, caller)
                let after = try outcome(message, caller)
                #expect(before == after || before == .dependsOnArguments)
                #expect(after != .dependsOnArguments)
            }
        }
    }
}

@Suite("A policy that is tried out")
struct CandidatePolicyTests {
    private static let candidate = PolicyDocument(
        entries: [
            .init(.tool("list"), [AccessRule([.deleteTodos])]),
            .init(.tool("wipe.all"), [AccessRule([.readTodos])]),
            .init(
                .tool("greet"),
                [AccessRule([], when: [.argument("name", is: .equals("ada"))])]
            ),
        ]
    )

    private final class Noted: Sendable {
        let divergences = Mutex<[PolicyDivergence]>([])
    }

    private let noted = Noted()
    private let fixture: Fixture

    init() throws {
        let noted = noted
        fixture = try Fixture(PolicyDocument(), candidate: Self.candidate) { divergence in
            noted.divergences.withLock { $0.append(divergence) }
        }
    }

    private func divergences(
        _ message: Message,
        as caller: Principal
    ) throws -> [PolicyDivergence] {
        // As the transport does: the body is read unless the fields decided.
        let fields = MirroredFields(message.fields)
        let decision = fixture.dispatcher.decisionBeforeBody(fields, of: caller)
        if !decision.isRefusal { _ = try fixture.answer(to: message, as: caller) }
        return noted.divergences.withLock { divergences in
            defer { divergences = [] }
            return divergences
        }
    }

    private func divergence(
        _ tool: String,
        _ outcome: AccessOutcome,
        _ candidate: AccessOutcome,
        _ caller: Principal
    ) -> PolicyDivergence {
        PolicyDivergence(
            subject: caller.subject,
            operation: .tool(tool),
            outcome: outcome,
            candidate: candidate
        )
    }

    @Test func `A call that it would refuse is reported once, and runs`() throws {
        let caller = fixture.readonly
        for message in [Message.call("list"), .legacy("tools/call", params: #""name":"list""#)] {
            noted.divergences.withLock { $0 = [] }
            #expect(
                try divergences(message, as: caller)
                    == [divergence("list", .allowed, .forbidden, caller)]
            )
            #expect(try fixture.answer(to: message, as: caller).call != nil)
        }
    }

    @Test func `A call that it would allow is reported once, and refused`() throws {
        let caller = fixture.readonly
        for message in [
            Message.call("wipe.all"), .legacy("tools/call", params: #""name":"wipe.all""#),
        ] {
            noted.divergences.withLock { $0 = [] }
            #expect(
                try divergences(message, as: caller)
                    == [divergence("wipe.all", .forbidden, .allowed, caller)]
            )
            #expect(try fixture.answer(to: message, as: caller).refusal != nil)
        }
    }

    @Test func `Where both agree nothing is reported`() throws {
        let admin = fixture.admin
        for message in [
            Message.call("list"), .call("wipe.all"), .call("greet", arguments: #"{"name":"ada"}"#),
            .modern("tools/list"), .call("nobody"),
        ] {
            #expect(try divergences(message, as: admin).isEmpty)
        }
    }

    @Test func `Arguments count after the body, and before it are said to be unknown`() throws {
        let admin = fixture.admin
        #expect(
            try divergences(.call("greet", arguments: #"{"name":"bob"}"#), as: admin)
                == [divergence("greet", .allowed, .forbidden, admin)]
        )
        let caller = fixture.readonly
        let modern = Message.call("greet", arguments: #"{"name":"ada"}"#)
        #expect(
            try divergences(modern, as: caller)
                == [divergence("greet", .forbidden, .dependsOnArguments, caller)]
        )
        let params = #""name":"greet","arguments":{"name":"ada"}"#
        #expect(
            try divergences(.legacy("tools/call", params: params), as: caller)
                == [divergence("greet", .forbidden, .allowed, caller)]
        )
    }

    @Test func `A scope that would have to be another one is a difference`() throws {
        let caller = fixture.scoped("call:tools")
        #expect(
            try divergences(.call("list"), as: caller) == [
                divergence(
                    "list",
                    .insufficientScope(scope: "read:todos call:tools"),
                    .insufficientScope(scope: "call:tools delete:todos"),
                    caller
                )
            ]
        )
    }
}
