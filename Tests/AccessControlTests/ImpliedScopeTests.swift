import AccessControl
import Testing

@Suite("Scopes that imply others")
struct ImpliedScopeTests {
    @Test func `A scope permits what it implies at any distance`() throws {
        let policy = try AccessPolicy(impliedScopes: [
            "todos:all": ["todos:write", "delete:todos"],
            "todos:write": ["create:todos", "update:todos"],
            "update:todos": ["read:todos"],
        ])
        #expect(
            names("todos:all", policy)
                == ["create:todos", "read:todos", "update:todos", "delete:todos"]
        )
        #expect(names("todos:write", policy) == ["create:todos", "read:todos", "update:todos"])
        #expect(names("update:todos", policy) == ["read:todos", "update:todos"])
        #expect(names("read:todos", policy) == ["read:todos"])
    }

    @Test func `Two ways to the same scope are no circle`() throws {
        let policy = try AccessPolicy(impliedScopes: [
            "all": ["left", "right"], "left": ["read:todos"], "right": ["read:todos"],
        ])
        #expect(names("all", policy) == ["read:todos"])
    }

    @Test func `A scope known by what it implies narrows a role`() throws {
        let policy = try AccessPolicy(impliedScopes: ["reader": ["read:todos", "delete:todos"]])
        let rights = policy.rights(roles: ["user"], scope: ["reader"], permissions: nil)
        #expect(policy.permissions(in: rights.effective) == [.readTodos])
    }

    @Test(arguments: [
        (["a": ["a"]], ["a", "a"]),
        (["a": ["b"], "b": ["a"]], ["a", "b", "a"]),
        (["a": ["b"], "b": ["c"], "c": ["b"]], ["b", "c", "b"]),
        (
            ["read:todos": ["call:tools"], "call:tools": ["read:todos"]],
            ["call:tools", "read:todos", "call:tools"]
        ),
    ])
    func `Scopes that imply each other in a circle are refused, and the circle is named`(
        implied: [String: [String]],
        path: [String]
    ) {
        #expect(throws: AccessPolicyError.cyclicScopes(path: path)) {
            try AccessPolicy(impliedScopes: implied)
        }
    }

    @Test func `A scope that implies something unknown is refused`() {
        #expect(throws: AccessPolicyError.unknownScope(name: "raed:todos", impliedBy: "reader")) {
            try AccessPolicy(impliedScopes: ["reader": ["raed:todos"]])
        }
    }

    @Test(arguments: ["", "two words", "quote\"d", "back\\slash", "tab\t", "größe"])
    func `A name that no scope can carry is refused`(name: String) {
        #expect(throws: AccessPolicyError.malformedScope(name: name)) {
            try AccessPolicy(impliedScopes: [name: []])
        }
        #expect(throws: AccessPolicyError.malformedPermission(name: name)) {
            try AccessPolicy(declaring: [Permission(name)])
        }
    }

    @Test func `256 permissions fit and 257 are refused`() throws {
        let permissions = (0..<257).map { Permission("p\($0)") }
        let policy = try AccessPolicy(roles: [], declaring: Array(permissions.dropLast()))
        #expect(policy.everything.count == 256)
        #expect(policy.permissions(in: policy.everything) == Array(permissions.dropLast()))

        #expect(throws: AccessPolicyError.tooManyPermissions(countMax: 256)) {
            try AccessPolicy(roles: [], declaring: permissions)
        }
    }

    @Test func `A role is defined once and has a name`() {
        #expect(throws: AccessPolicyError.duplicateRole(name: "user")) {
            try AccessPolicy(roles: [.user, Role("user", .everything)])
        }
        #expect(throws: AccessPolicyError.emptyRoleName) {
            try AccessPolicy(roles: [Role("", .everything)])
        }
    }

    private func names(_ scope: String, _ policy: AccessPolicy) -> Set<String> {
        let rights = policy.rights(roles: nil, scope: [scope], permissions: nil)
        return Set(policy.permissions(in: rights.effective).map(\.name))
    }
}
