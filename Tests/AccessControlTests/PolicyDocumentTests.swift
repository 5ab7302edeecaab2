import AccessControl
import Testing

@Suite("Policy documents")
struct PolicyDocumentTests {
    private static let operations = [
        OperationDeclaration(.callTool, permissions: [.callTools]),
        OperationDeclaration(.listTools, permissions: [.listTools]),
        OperationDeclaration(.tool("delete_todo"), permissions: [.deleteTodos]),
        OperationDeclaration(.tool("add_todo"), permissions: [.createTodos]),
        OperationDeclaration(.prompt("greeting"), permissions: []),
    ]

    private func policy(
        _ entries: [PolicyDocument.Entry],
        roles: [Role] = [.admin, .user, .readonly]
    ) throws -> AccessPolicy {
        try AccessPolicy(PolicyDocument(roles: roles, entries: entries), for: Self.operations)
    }

    private func mistakes(_ document: PolicyDocument) -> [String] {
        do throws(PolicyMistakes) {
            _ = try AccessPolicy(document, for: Self.operations)
            return []
        } catch {
            return error.mistakes.map { "\($0)" }
        }
    }

    private func mistakes(_ entries: [PolicyDocument.Entry]) -> [String] {
        mistakes(PolicyDocument(entries: entries))
    }

    @Test func `What a document does not mention keeps what it declares`() throws {
        let policy = try policy([])
        let delete = try #require(policy.requirement([.deleteTodos, .callTools]))
        #expect(policy.requirement(of: .tool("delete_todo")) == delete)
        #expect(policy.requirement(of: .listTools) == policy.requirement([.listTools]))
        #expect(policy.requirement(of: .tool("nobody")) == nil)
    }

    @Test func `A document without anything is the policy of the tutorial`() throws {
        let built = try AccessPolicy(
            declaring: [.listTools, .callTools] + Self.operations.flatMap(\.permissions)
        )
        let read = try policy([])
        #expect(read.permissions == built.permissions)
        for role in ["admin", "user", "readonly", "pilot"] {
            #expect(
                read.rights(roles: [role], scope: nil, permissions: nil)
                    == built.rights(roles: [role], scope: nil, permissions: nil)
            )
        }
    }

    @Test func `Rules take the place of what a tool declares, and call:tools stays`() throws {
        let policy = try policy([.init(.tool("delete_todo"), [AccessRule([.updateTodos])])])
        let requirement = try #require(policy.requirement(of: .tool("delete_todo")))
        let user = policy.rights(roles: ["user"], scope: nil, permissions: nil)
        #expect(requirement.decision(for: user) == .allowed)
        let withoutCall = policy.rights(roles: nil, scope: ["update:todos"], permissions: nil)
        let needed = try #require(policy.requirement([.updateTodos, .callTools])).permissions
        #expect(requirement.decision(for: withoutCall) == .insufficientScope(needed: needed))
    }

    @Test func `A rule without permissions and conditions is open to who may call tools`() throws {
        let policy = try policy([.init(.tool("delete_todo"), [AccessRule([])])])
        let requirement = try #require(policy.requirement(of: .tool("delete_todo")))
        let readonly = policy.rights(roles: ["readonly"], scope: nil, permissions: nil)
        #expect(requirement.decision(for: readonly) == .allowed)
        #expect(requirement.decision(for: .none) != .allowed)
    }

    @Test func `An operation without rules is for nobody, and no scope is asked for`() throws {
        let policy = try policy([.init(.tool("delete_todo"), [])])
        let requirement = try #require(policy.requirement(of: .tool("delete_todo")))
        for roles in [nil, ["admin"]] as [[String]?] {
            let rights = policy.rights(roles: roles, scope: nil, permissions: nil)
            #expect(requirement.decision(for: rights) == .forbidden(missing: .init()))
            #expect(!requirement.canBeMet(by: rights))
        }
    }

    @Test func `A rule for tools/call is asked for with every tool`() throws {
        let policy = try policy([
            .init(.callTool, [AccessRule([.readTodos])]),
            .init(.tool("delete_todo"), [AccessRule([.deleteTodos]), AccessRule([.updateTodos])]),
        ])
        let user = policy.rights(roles: ["user"], scope: nil, permissions: nil)
        for tool in ["add_todo", "delete_todo"] {
            let requirement = try #require(policy.requirement(of: .tool(tool)))
            #expect(requirement.decision(for: user) == .allowed)
            let withoutRead = policy.rights(
                roles: ["user"],
                scope: ["call:tools", "create:todos", "update:todos"],
                permissions: nil
            )
            #expect(requirement.decision(for: withoutRead) != .allowed)
        }
        let requirement = try #require(policy.requirement(of: .callTool))
        #expect(
            policy.scope(naming: requirement.permissions) == "read:todos call:tools"
        )
    }

    @Test func `All mistakes are told at once, each with its place`() {
        let document = PolicyDocument(
            roles: [
                .user, Role("", .everything), .user, Role("x", .permissions([Permission("a b")])),
            ],
            impliedScopes: ["all": ["nothing:todos"], "x": ["y"], "y": ["x"]],
            entries: [
                .init(.tool("delete-todo"), []),
                .init(.resource("todo://1"), []),
                .init(.tool("add_todo"), [AccessRule([Permission("crate:todos")])]),
                .init(.tool("add_todo"), []),
                .init(.listTools, [AccessRule([], when: [.argument("id", is: .equals(1))])]),
                .init(.tool("nothing_like_it"), []),
            ]
        )
        #expect(
            mistakes(document) == [
                """
                roles.x[0]: "a b" cannot be a permission: a name is visible ASCII without \
                quotation mark and reverse solidus (RFC 6749 §3.3)
                """,
                "roles[\"\"]: a role has an empty name",
                "roles.user: the role \"user\" is defined twice",
                """
                implied-scopes.all: the scope "all" implies "nothing:todos", which is neither a \
                permission nor a configured scope
                """,
                "implied-scopes.x: scopes imply each other in a circle: x → y → x",
                """
                tools.delete-todo: the server has no tool "delete-todo"; did you mean \
                "delete_todo"?
                """,
                "resources[\"todo://1\"]: the server has no resources",
                """
                tools.add_todo[0].permissions[0]: no role lists the permission "crate:todos" and \
                nothing declares it; did you mean "create:todos"?
                """,
                "tools.add_todo: the tool \"add_todo\" has rules twice",
                """
                methods.tools/list[0].when[0]: a request for a method has no arguments on which to \
                place a condition
                """,
                "tools.nothing_like_it: the server has no tool \"nothing_like_it\"",
            ]
        )
    }

    @Test(
        arguments: [
            (AccessCondition(.claim, at: [], .equals(1)), "a path has no name, or an empty one"),
            (.claim("a", "", is: .equals(1)), "a path has no name, or an empty one"),
            (.claim("a", is: .prefix("")), "every string begins with the empty prefix"),
            (.claim("a", is: .isIn([])), "no value is in an empty list"),
            (
                AccessCondition(.claim, at: Array(repeating: "a", count: 17), .equals(1)),
                "a path has more than 16 names"
            ),
            (
                .claim("a", is: .isIn((0...256).map { .integer($0) })),
                "a list has more than 256 values"
            ),
        ] as [(AccessCondition, String)]
    )
    func `A condition that everything or nothing satisfies is a mistake`(
        condition: AccessCondition,
        mistake: String
    ) {
        let rule = AccessRule([], when: [.claim("b", is: .equals(1)), condition])
        #expect(
            mistakes([.init(.tool("add_todo"), [rule])])
                == ["tools.add_todo[0].when[1]: \(mistake)"]
        )
    }

    @Test func `16 names and 256 values fit`() {
        let rule = AccessRule(
            [],
            when: [
                AccessCondition(.claim, at: Array(repeating: "a", count: 16), .equals(1)),
                .argument("a", is: .isIn((0..<256).map { .integer($0) })),
            ]
        )
        #expect(mistakes([.init(.tool("add_todo"), [rule])]).isEmpty)
    }

    @Test func `32 rules fit and 33 are refused`() {
        func entries(_ count: Int) -> [PolicyDocument.Entry] {
            [.init(.tool("add_todo"), Array(repeating: AccessRule([]), count: count))]
        }
        #expect(mistakes(entries(32)).isEmpty)
        #expect(mistakes(entries(33)) == ["tools.add_todo: an operation has more than 32 rules"])
    }

    @Test(arguments: AccessCondition.Source.allCases)
    func `256 different conditions fit, the same one counts once, and 257 are refused`(
        source: AccessCondition.Source
    ) {
        func entries(_ count: Int) -> [PolicyDocument.Entry] {
            let conditions = (0..<count).map {
                AccessCondition(source, at: ["a"], .equals(.integer($0)))
            }
            return [
                .init(.tool("add_todo"), [AccessRule([], when: conditions)]),
                .init(.tool("delete_todo"), [AccessRule([], when: conditions)]),
            ]
        }
        #expect(mistakes(entries(256)).isEmpty)
        #expect(
            mistakes(entries(257)) == [
                """
                tools.add_todo[0].when[256]: rules place more than 256 different conditions on \
                \(source.rawValue)s
                """
            ]
        )
    }

    @Test func `Conditions that Unicode calls equivalent are different conditions`() throws {
        let policy = try policy([
            .init(
                .tool("add_todo"),
                [
                    AccessRule(
                        [],
                        when: [
                            .claim("k", is: .equals("\u{E9}")),
                            .claim("k", is: .equals("e\u{301}")),
                            .claim("K", is: .prefix("K")), .claim("K", is: .prefix("\u{212A}")),
                        ]
                    )
                ]
            )
        ])
        #expect(policy.claimConditions.count == 4)
    }

    @Test func `Rules for an operation replace those it had`() {
        var document = PolicyDocument()
        document.set([AccessRule([.readTodos])], for: .tool("add_todo"))
        document.set([AccessRule([.createTodos])], for: .tool("add_todo"))
        #expect(document.entries == [.init(.tool("add_todo"), [AccessRule([.createTodos])])])
    }
}
