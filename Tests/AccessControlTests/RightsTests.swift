import AccessControl
import Testing

@Suite("How rights combine")
struct RightsTests {
    /// One row: three claims, what they permit, and what the widest scope would.
    struct Case: Sendable, CustomTestStringConvertible {
        let roles: [String]?
        let scope: [String]?
        let permissions: [String]?
        let effective: Set<String>
        let ceiling: Set<String>

        var testDescription: String {
            "roles \(roles as Any), scope \(scope as Any), permissions \(permissions as Any)"
        }
    }

    private static let all: Set = [
        "create:todos", "read:todos", "update:todos", "delete:todos", "list:tools", "call:tools",
    ]
    private static let user = all.subtracting(["delete:todos"])
    private static let readonly: Set = ["read:todos", "list:tools", "call:tools"]

    private static func row(
        _ roles: [String]?,
        _ scope: [String]?,
        _ permissions: [String]?,
        _ effective: Set<String>,
        of ceiling: Set<String>
    ) -> Case {
        Case(
            roles: roles,
            scope: scope,
            permissions: permissions,
            effective: effective,
            ceiling: ceiling
        )
    }

    // Every combination of: role claim absent, known, unknown, empty; scope absent, empty, naming
    // nothing known, naming some; permissions claim absent, empty, listing some.
    static let cases: [Case] = [
        row(nil, nil, nil, [], of: all),
        row(nil, [], nil, [], of: all),
        row(nil, ["openid"], nil, [], of: all),
        row(nil, ["read:todos", "openid"], nil, ["read:todos"], of: all),
        row(nil, ["read:todos", "call:tools"], ["call:tools"], ["call:tools"], of: ["call:tools"]),
        row(nil, ["read:todos"], [], [], of: []),
        row(nil, nil, ["read:todos"], [], of: ["read:todos"]),
        row(nil, ["openid"], ["read:todos"], [], of: ["read:todos"]),
        row(nil, ["admin"], nil, [], of: all),

        row(["user"], nil, nil, user, of: user),
        row(["user"], [], nil, user, of: user),
        row(["user"], ["openid", "profile"], nil, user, of: user),
        row(["user"], ["read:todos", "openid"], nil, ["read:todos"], of: user),
        row(["user"], ["delete:todos"], nil, [], of: user),
        row(["user"], ["delete:todos", "read:todos"], nil, ["read:todos"], of: user),
        row(["user"], nil, ["read:todos", "delete:todos"], ["read:todos"], of: ["read:todos"]),
        row(["user"], nil, [], [], of: []),
        row(["user"], nil, ["fly:kites"], [], of: []),
        row(["user"], ["openid"], ["read:todos"], ["read:todos"], of: ["read:todos"]),
        row(
            ["user"],
            ["read:todos", "list:tools"],
            ["list:tools", "call:tools"],
            ["list:tools"],
            of: ["list:tools", "call:tools"]
        ),
        row(["user"], ["read:todos"], ["list:tools"], [], of: ["list:tools"]),

        row(["admin"], nil, nil, all, of: all),
        row(["readonly"], nil, nil, readonly, of: readonly),
        row(["readonly", "user"], nil, nil, user, of: user),
        row(["user", "pilot"], nil, nil, user, of: user),

        row(["pilot"], nil, nil, [], of: []),
        row(["pilot"], ["read:todos"], nil, [], of: []),
        row(["pilot"], ["openid"], ["read:todos"], [], of: []),
        row([], nil, nil, [], of: []),
        row([], ["read:todos"], nil, [], of: []),
        row([], [], ["read:todos"], [], of: []),
    ]

    @Test(arguments: cases)
    func `Role, scope and permissions claims combine as the protocol says`(row: Case) throws {
        let policy = try AccessPolicy()
        let rights = policy.rights(
            roles: row.roles,
            scope: row.scope,
            permissions: row.permissions
        )
        #expect(Set(policy.permissions(in: rights.effective).map(\.name)) == row.effective)
        #expect(Set(policy.permissions(in: rights.ceilingWithoutScope).map(\.name)) == row.ceiling)
    }

    @Test(
        arguments: ["admin", "user", "readonly", "pilot"],
        [
            "create:todos", "read:todos", "update:todos", "delete:todos", "list:tools",
            "call:tools",
        ]
    )
    func `Each role permits exactly what the tutorial gives it`(
        role: String,
        permission: String
    ) throws {
        let granted: [String: Set<String>] = [
            "admin": Self.all, "user": Self.user, "readonly": Self.readonly, "pilot": [],
        ]
        let expected = try #require(granted[role]).contains(permission)
        let policy = try AccessPolicy()
        let requirement = try #require(policy.requirement([Permission(permission)]))
        let rights = policy.rights(roles: [role], scope: nil, permissions: nil)

        #expect((requirement.decision(for: rights) == .allowed) == expected)
    }

    @Test(arguments: ["Admin", "ADMIN", " admin", "admin ", "admin\0", ""])
    func `A role that is not spelled exactly permits nothing`(role: String) throws {
        let rights = try AccessPolicy().rights(roles: [role], scope: nil, permissions: nil)
        #expect(rights == .none)
    }

    @Test func `A name that Unicode calls equivalent is another name`() throws {
        let kelvin = "\u{212A}"
        #expect(kelvin == "K")
        let policy = try AccessPolicy(roles: [Role("K", .everything)])

        let byRole = policy.rights(roles: [kelvin], scope: nil, permissions: nil)
        #expect(byRole == .none)
        let honest = policy.rights(roles: ["K"], scope: nil, permissions: nil)
        #expect(honest.effective == policy.everything)
    }

    @Test func `A permission that only a tool declares is known, and admin has it`() throws {
        let launch = Permission("launch:rockets")
        let policy = try AccessPolicy(declaring: [launch])
        let requirement = try #require(policy.requirement([launch, .callTools]))

        let admin = policy.rights(roles: ["admin"], scope: nil, permissions: nil)
        #expect(requirement.decision(for: admin) == .allowed)
        let user = policy.rights(roles: ["user"], scope: nil, permissions: nil)
        #expect(requirement.decision(for: user) != .allowed)
        let scoped = policy.rights(
            roles: nil,
            scope: ["launch:rockets", "call:tools"],
            permissions: nil
        )
        #expect(requirement.decision(for: scoped) == .allowed)
    }

    @Test func `A permission that nobody declared makes no requirement`() throws {
        #expect(try AccessPolicy().requirement([.callTools, Permission("launch:rockets")]) == nil)
    }
}
