import AccessControl
import JSON
import Martlet
import Testing

@Suite("Policy files")
struct PolicyFileTests {
    static let operations = [
        OperationDeclaration(.listTools, permissions: [.listTools]),
        OperationDeclaration(.callTool, permissions: [.callTools]),
        OperationDeclaration(.tool("add_todo"), permissions: [.createTodos]),
        OperationDeclaration(.tool("list_todos"), permissions: [.readTodos]),
        OperationDeclaration(.tool("update_todo_text"), permissions: [.updateTodos]),
        OperationDeclaration(.tool("delete_todo"), permissions: [.deleteTodos]),
    ]

    private func read(_ text: String) -> PolicyFile {
        PolicyFile(content: Array(text.utf8), path: "p")
    }

    private func mistakes(_ text: String) -> [String] {
        read(text).mistakes(for: Self.operations).map { "\($0)" }
    }

    @Test func `Every member of a file becomes what it says`() {
        let file = read(
            #"""
            {
              "roles": { "boss": "*", "clerk": ["read:todos", "list:tools"] },
              "implied-scopes": { "todos": ["read:todos", "create:todos"] },
              "tools": {
                "delete_todo": [
                  { "permissions": ["delete:todos"] },
                  { "permissions": [], "when": [
                    { "claim": "realm_access.roles", "contains": "it" },
                    { "claim": ["https://x.example/team", "name"], "equals": "\u0061" },
                    { "argument": "id", "in": [1, 2.0, true, "3"] },
                    { "argument": "a.b", "prefix": "x/" }
                  ] }
                ],
                "add_todo": []
              },
              "methods": { "tools/list": [ { "permissions": ["list:tools"] } ] },
              "resources": { "todo://1": [] },
              "prompts": { "greet": [] }
            }
            """#
        )
        #expect(file.mistakes == [])
        #expect(
            file.document
                == PolicyDocument(
                    roles: [
                        Role("boss", .everything),
                        Role("clerk", .permissions([.readTodos, .listTools])),
                    ],
                    impliedScopes: ["todos": ["read:todos", "create:todos"]],
                    entries: [
                        .init(
                            .tool("delete_todo"),
                            [
                                AccessRule([.deleteTodos]),
                                AccessRule(
                                    [],
                                    when: [
                                        .claim("realm_access", "roles", is: .contains("it")),
                                        .claim("https://x.example/team", "name", is: .equals("a")),
                                        .argument("id", is: .isIn([1, 2, true, "3"])),
                                        .argument("a", "b", is: .prefix("x/")),
                                    ]
                                ),
                            ]
                        ),
                        .init(.tool("add_todo"), []),
                        .init(.listTools, [AccessRule([.listTools])]),
                        .init(.resource("todo://1"), []),
                        .init(.prompt("greet"), []),
                    ]
                )
        )
    }

    @Test func `An empty object is the policy of the tutorial, and so is the tutorial written out`()
        throws
    {
        let written = #"""
            { "roles": {
                "admin": "*",
                "user": ["create:todos", "read:todos", "update:todos", "list:tools", "call:tools"],
                "readonly": ["read:todos", "list:tools", "call:tools"] },
              "tools": {
                "add_todo": [ { "permissions": ["create:todos"] } ],
                "list_todos": [ { "permissions": ["read:todos"] } ],
                "update_todo_text": [ { "permissions": ["update:todos"] } ],
                "delete_todo": [ { "permissions": ["delete:todos"] } ] },
              "methods": {
                "tools/list": [ { "permissions": ["list:tools"] } ],
                "tools/call": [ { "permissions": ["call:tools"] } ] } }
            """#
        let builtIn = try AccessPolicy(PolicyDocument(), for: Self.operations)
        #expect(read("{}").document == PolicyDocument())
        for text in ["{}", written] {
            let file = read(text)
            #expect(file.mistakes(for: Self.operations) == [])
            let policy = try AccessPolicy(file.document, for: Self.operations)
            #expect(policy.permissions == builtIn.permissions)
            for operation in Self.operations.map(\.operation) {
                #expect(policy.requirement(of: operation) == builtIn.requirement(of: operation))
            }
            for roles in [nil, ["admin"], ["user"], ["readonly"], ["pilot"]] as [[String]?] {
                for scope in [nil, ["read:todos", "call:tools"], ["openid"]] as [[String]?] {
                    #expect(
                        policy.rights(roles: roles, scope: scope, permissions: nil)
                            == builtIn.rights(roles: roles, scope: scope, permissions: nil)
                    )
                }
            }
        }
    }

    @Test(
        arguments: [
            ("[]", ["p line 1: must be an object, and is an array"]),
            ("", ["p line 1: not one JSON object: input ends too early at byte 0"]),
            (
                "{}\n x",
                ["p line 2: not one JSON object: unexpected bytes after the value at byte 4"]
            ),
            (
                #"{"role": {}, "toolz": {}, "colour": 1}"#,
                [
                    #"p line 1: "role" does not exist here; did you mean "roles"?"#,
                    #"p line 1: "toolz" does not exist here; did you mean "tools"?"#,
                    #"p line 1: "colour" does not exist here; remove it"#,
                ]
            ),
            (
                "{\"roles\": {},\n\"\\u0072oles\": {}}",
                [#"p line 2: "roles" stands here twice; remove one"#]
            ),
            (
                #"{"roles": ["admin"]}"#, ["p line 1: roles: must be an object, and is an array"]
            ),
            (
                #"{"roles": {"a": "all", "b": 1, "c": ["*"], "d": [1]}}"#,
                [
                    #"p line 1: roles.a: must be "*" or an array of permissions, and is a string"#,
                    #"p line 1: roles.b: must be "*" or an array of permissions, and is a number"#,
                    """
                    p line 1: roles.c[0]: "*" permits everything only where it stands alone: \
                    write "*" without brackets
                    """,
                    "p line 1: roles.d[0]: must be a string, and is a number",
                ]
            ),
            (
                #"{"roles": {"a": ["x", "x y"], "": []}}"#,
                [
                    """
                    p line 1: roles.a[1]: "x y" cannot be a permission: a name is visible ASCII \
                    without quotation mark and reverse solidus (RFC 6749 §3.3)
                    """,
                    #"p line 1: roles[""]: a role has an empty name"#,
                ]
            ),
            (
                #"{"implied-scopes": {"a": "b", "c": ["raed:todos"], "e": ["e"]}}"#,
                [
                    "p line 1: implied-scopes.a: must be an array, and is a string",
                    """
                    p line 1: implied-scopes.c: the scope "c" implies "raed:todos", which is \
                    neither a permission nor a configured scope
                    """,
                    "p line 1: implied-scopes.e: scopes imply each other in a circle: e → e",
                ]
            ),
            (
                "{\"implied-scopes\": {\"K\": [], \"\u{212A}\": [\"read:todos\"]}}",
                [
                    """
                    p line 1: implied-scopes["\u{212A}"]: "\u{212A}" cannot be a scope: a name is \
                    visible ASCII without quotation mark and reverse solidus (RFC 6749 §3.3)
                    """
                ]
            ),
            (
                "{\"tools\": {\n\"delete_toodo\": [],\n\"fly\": []}}",
                [
                    """
                    p line 2: tools.delete_toodo: the server has no tool "delete_toodo"; did you \
                    mean "delete_todo"?
                    """,
                    #"p line 3: tools.fly: the server has no tool "fly""#,
                ]
            ),
            (
                #"{"methods": {"tools/lists": []}, "prompts": {"a": []}, "resources": {"b:": []}}"#,
                [
                    """
                    p line 1: methods.tools/lists: the server has no method "tools/lists"; did \
                    you mean "tools/list"?
                    """,
                    "p line 1: prompts.a: the server has no prompts",
                    #"p line 1: resources["b:"]: the server has no resources"#,
                ]
            ),
            (
                #"{"tools": {"add_todo": {"permissions": []}}}"#,
                ["p line 1: tools.add_todo: must be an array, and is an object"]
            ),
            (
                #"{"tools": {"add_todo": [1, {}, {"permission": [], "permissions": "x"}]}}"#,
                [
                    "p line 1: tools.add_todo[0]: must be an object, and is a number",
                    #"p line 1: tools.add_todo[1]: "permissions" is missing"#,
                    """
                    p line 1: tools.add_todo[2]: "permission" does not exist here; did you mean \
                    "permissions"?
                    """,
                    "p line 1: tools.add_todo[2].permissions: must be an array, and is a string",
                ]
            ),
            (
                "{\"tools\": {\"add_todo\": [\n{\"permissions\":\n[\"create:todo\"]}]}}",
                [
                    """
                    p line 3: tools.add_todo[0].permissions[0]: no role lists the permission \
                    "create:todo" and nothing declares it; did you mean "create:todos"?
                    """
                ]
            ),
        ] as [(String, [String])]
    )
    func `What is wrong with a file is told with its place, all at once`(
        text: String,
        expected: [String]
    ) {
        #expect(mistakes(text) == expected)
    }

    @Test(
        arguments: [
            ("1", "when[0]: must be an object, and is a number"),
            ("{}", #"when[0]: must have exactly one of "claim", "argument""#),
            (#"{"equals": 1}"#, #"when[0]: must have exactly one of "claim", "argument""#),
            (
                #"{"claim": "a", "argument": "b", "equals": 1}"#,
                #"when[0]: must have exactly one of "claim", "argument""#
            ),
            (
                #"{"claim": "a"}"#,
                #"when[0]: must have exactly one of "equals", "prefix", "in", "contains""#
            ),
            (
                #"{"claim": "a", "equals": 1, "prefix": "x"}"#,
                #"when[0]: must have exactly one of "equals", "prefix", "in", "contains""#
            ),
            (
                #"{"claim": "a", "equal": 1, "equals": 1}"#,
                #"when[0]: "equal" does not exist here; did you mean "equals"?"#
            ),
            (
                #"{"claim": "a", "not": 1, "equals": 1}"#,
                #"when[0]: "not" does not exist here; remove it"#
            ),
            (
                #"{"claim": "a", "equals": null}"#,
                "when[0].equals: must be a string, an integer or a boolean, and is null"
            ),
            (
                #"{"claim": "a", "contains": ["x"]}"#,
                "when[0].contains: must be a string, an integer or a boolean, and is an array"
            ),
            (
                #"{"claim": "a", "equals": 1.5}"#,
                """
                when[0].equals: must be an integer from -9223372036854775808 to \
                9223372036854775807
                """
            ),
            (
                #"{"claim": "a", "in": [9223372036854775808]}"#,
                """
                when[0].in[0]: must be an integer from -9223372036854775808 to \
                9223372036854775807
                """
            ),
            (#"{"claim": "a", "in": "x"}"#, "when[0].in: must be an array, and is a string"),
            (#"{"claim": "a", "in": []}"#, "when[0]: no value is in an empty list"),
            (#"{"claim": "a", "prefix": 1}"#, "when[0].prefix: must be a string, and is a number"),
            (
                #"{"claim": "a", "prefix": ""}"#,
                "when[0]: every string begins with the empty prefix"
            ),
            (#"{"claim": "", "equals": 1}"#, "when[0]: a path has no name, or an empty one"),
            (#"{"claim": "a..b", "equals": 1}"#, "when[0]: a path has no name, or an empty one"),
            (#"{"claim": [], "equals": 1}"#, "when[0]: a path has no name, or an empty one"),
            (
                #"{"claim": [1], "equals": 1}"#,
                "when[0].claim[0]: must be a string, and is a number"
            ),
            (
                #"{"claim": 1, "equals": 1}"#,
                "when[0].claim: must be a string or an array of strings, and is a number"
            ),
            (
                #"{"claim": "https://x.example/team", "equals": 1}"#,
                """
                when[0].claim: full stops separate names; write a name that has some as an \
                array: ["https://…"]
                """
            ),
        ] as [(String, String)]
    )
    func `What is wrong with a condition is told with its place`(
        condition: String,
        expected: String
    ) {
        let text = #"{"tools": {"add_todo": [{"permissions": [], "when": [\#(condition)]}]}}"#
        #expect(mistakes(text).first == "p line 1: tools.add_todo[0].\(expected)")
    }

    @Test func `A method has no arguments to place a condition on`() {
        let condition = #"{"argument": "a", "equals": 1}"#
        let text = #"{"methods": {"tools/list": [{"permissions": [], "when": [\#(condition)]}]}}"#
        #expect(
            mistakes(text) == [
                """
                p line 1: methods.tools/list[0].when[0]: a request for a method has no arguments \
                on which to place a condition
                """
            ]
        )
    }

    @Test func `A file of the greatest length is read, and a longer one is not`() {
        let spaces = String(repeating: " ", count: PolicyFile.byteCountMax - 2)
        #expect(mistakes("{}" + spaces) == [])
        #expect(mistakes("{} " + spaces) == ["p: a policy file has at most 1048576 bytes"])
    }

    @Test func `A file that is cut off or damaged anywhere is mistaken and never a crash`() {
        let text = #"""
            {"roles":{"a":"*","b":["x"]},"tools":{"add_todo":[{"permissions":["x"],"when":[
            {"claim":"a.b","in":[1,"x",true]},{"argument":["c"],"prefix":"d"}]}]}}
            """#
        let bytes = Array(text.utf8)
        #expect(mistakes(text) == [])
        for index in bytes.indices {
            let cut = PolicyFile(content: Array(bytes[..<index]), path: "p")
            #expect(!cut.mistakes(for: Self.operations).isEmpty, "\(index)")
            for byte: UInt8 in [0, 0x22, 0x2C, 0x30, 0x5B, 0x7D, 0xFF] {
                var damaged = bytes
                damaged[index] = byte
                _ = PolicyFile(content: damaged, path: "p").mistakes(for: Self.operations)
            }
        }
    }

    @Test func `What is not told is what a name that long says`() {
        let name = String(repeating: "n", count: 5_000)
        let found = mistakes("{\"\(name)\": 1}")
        #expect(found.count == 1)
        #expect(found[0].utf8.count < 200)
    }
}
