import AccessControl
import Testing

@Suite("Access decisions (RFC 6750 §3.1)")
struct AccessDecisionTests {
    private let policy: AccessPolicy
    private let deleteCall: Requirement
    private let createCall: Requirement

    init() throws {
        policy = try AccessPolicy()
        deleteCall = try #require(policy.requirement([.callTools, .deleteTodos]))
        createCall = try #require(policy.requirement([.callTools, .createTodos]))
    }

    @Test func `A call needs both call:tools and the tool's own permission`() throws {
        for scope in [["call:tools"], ["create:todos"]] {
            let decision = createCall.decision(for: rights(roles: ["admin"], scope: scope))
            #expect(decision == .insufficientScope(needed: createCall.permissions))
        }
        let both = rights(roles: ["admin"], scope: ["call:tools", "create:todos"])
        #expect(createCall.decision(for: both) == .allowed)
    }

    @Test func `A scope too narrow is answered with all that the operation needs`() throws {
        let decision = createCall.decision(for: rights(roles: ["user"], scope: ["call:tools"]))
        guard case .insufficientScope(let needed) = decision else {
            Issue.record("decided \(decision)")
            return
        }
        #expect(policy.scope(naming: needed) == "create:todos call:tools")
    }

    @Test func `Without a role a wider scope always helps`() {
        let decision = deleteCall.decision(for: rights(roles: nil, scope: nil))
        #expect(decision == .insufficientScope(needed: deleteCall.permissions))
    }

    @Test func `What the role withholds is forbidden, whatever the scope`() throws {
        let missing = try #require(policy.requirement([.deleteTodos])).permissions
        for scope in [nil, ["openid"], ["call:tools"], ["call:tools", "delete:todos"]] {
            let decision = deleteCall.decision(for: rights(roles: ["user"], scope: scope))
            #expect(decision == .forbidden(missing: missing), "scope \(scope as Any)")
        }
    }

    @Test func `What the permissions claim withholds is forbidden`() throws {
        let rights = policy.rights(
            roles: nil,
            scope: ["call:tools", "delete:todos"],
            permissions: ["call:tools"]
        )
        let missing = try #require(policy.requirement([.deleteTodos])).permissions
        #expect(deleteCall.decision(for: rights) == .forbidden(missing: missing))
    }

    @Test func `A requirement of nothing is met by those who have nothing`() {
        #expect(Requirement.none.decision(for: .none) == .allowed)
        #expect(createCall.decision(for: .none) != .allowed)
    }

    @Test func `Two requirements together need what both need`() throws {
        let call = try #require(policy.requirement([.callTools]))
        let create = try #require(policy.requirement([.createTodos]))
        #expect(call.and(create) == createCall)
    }

    private func rights(roles: [String]?, scope: [String]?) -> Rights {
        policy.rights(roles: roles, scope: scope, permissions: nil)
    }
}
