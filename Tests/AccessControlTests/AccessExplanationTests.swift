import AccessControl
import Testing

@Suite("Explanations of a decision")
struct AccessExplanationTests {
    private let policy: AccessPolicy

    init() throws {
        policy = try AccessPolicy(
            PolicyDocument(
                impliedScopes: ["writer": ["create:todos", "update:todos"]],
                entries: [
                    .init(
                        .tool("delete_todo"),
                        [
                            AccessRule([.deleteTodos]),
                            AccessRule(
                                [.updateTodos],
                                when: [
                                    .claim("department", is: .equals("it")),
                                    .argument("id", is: .isIn([1, 2])),
                                ]
                            ),
                        ]
                    )
                ]
            ),
            for: [
                .init(.callTool, permissions: [.callTools]),
                .init(.tool("delete_todo"), permissions: [.deleteTodos]),
                .init(.tool("update_todo"), permissions: [.updateTodos]),
            ]
        )
    }

    @Test func `Every role, scope, rule, permission and condition is judged`() throws {
        var claims = ConditionSet()
        claims.insert(0)
        let found = try #require(
            policy.explain(
                .tool("delete_todo"),
                roles: ["user", "pilot"],
                scope: ["writer", "openid"],
                permissions: ["update:todos", "call:tools", "fly:kites"],
                satisfying: claims,
                arguments: nil
            )
        )
        #expect(found.roles?.map(\.name) == ["user", "pilot"])
        #expect(found.roles?.map { $0.permissions?.count } == [5, nil])
        #expect(
            found.scope?.map(\.permissions) == [[.createTodos, .updateTodos], nil]
        )
        #expect(found.permissionsClaim?.map { $0.permissions != nil } == [true, true, false])
        #expect(found.effective == [.updateTodos])
        #expect(found.operations.map(\.operation) == [.callTool, .tool("delete_todo")])
        #expect(found.operations.map(\.origin) == [.declaration, .document])
        let call = found.operations[0].rules[0].permissions
        #expect(call.map(\.permission) == [.callTools])
        #expect(call.map(\.state) == [.outsideScope])
        let rules = found.operations[1].rules
        #expect(rules[0].permissions.map(\.permission) == [.deleteTodos])
        #expect(rules[0].permissions.map(\.state) == [.withheld])
        #expect(rules[1].permissions.map(\.permission) == [.updateTodos])
        #expect(rules[1].permissions.map(\.state) == [.held])
        #expect(rules[1].conditions.map(\.holds) == [true, nil])
        #expect(found.decision == .dependsOnArguments)
    }

    @Test func `Arguments settle what depends on them`() throws {
        func decision(_ arguments: ConditionSet) throws -> AccessDecision {
            var claims = ConditionSet()
            claims.insert(0)
            return try #require(
                policy.explain(
                    .tool("delete_todo"),
                    roles: ["user"],
                    scope: nil,
                    permissions: nil,
                    satisfying: claims,
                    arguments: arguments
                )
            ).decision
        }
        var both = ConditionSet()
        both.insert(0)
        #expect(try decision(both) == .allowed)
        #expect(try decision(ConditionSet()).isRefusal)
    }

    @Test func `An operation that the server does not have is not explained`() {
        let found = policy.explain(
            .tool("nobody"),
            roles: nil,
            scope: nil,
            permissions: nil,
            satisfying: ConditionSet(),
            arguments: nil
        )
        #expect(found == nil)
    }
}
