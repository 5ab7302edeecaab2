public import AccessControl

/// What one policy requires for everything the server has, in bits and by its place, so that a
/// decision looks nothing up by name.
struct AccessTable: Sendable {
    let listTools: Requirement
    let callTools: Requirement
    let discover: Requirement
    let initialize: Requirement
    let ping: Requirement

    /// In the order of the registry.
    let tools: [Requirement]

    /// - Throws: ``ToolRegistryError`` if a tool requires a permission that `policy` does not know.
    init(_ policy: AccessPolicy, _ registry: ToolRegistry) throws(ToolRegistryError) {
        // A policy that grants neither to anybody has not heard of them: nobody may, then.
        guard let list = policy.requirement([.listTools]),
            let call = policy.requirement([.callTools])
        else {
            throw .undeclaredPermission(tool: "tools/call", permission: Permission.callTools.name)
        }
        func requirement(_ method: Method, orElse declared: Requirement) -> Requirement {
            policy.requirement(of: .method(method.rawValue)) ?? declared
        }
        listTools = requirement(.toolsList, orElse: list)
        callTools = requirement(.toolsCall, orElse: call)
        discover = requirement(.serverDiscover, orElse: .none)
        initialize = requirement(.initialize, orElse: .none)
        ping = requirement(.ping, orElse: .none)
        var requirements: [Requirement] = []
        for tool in registry.tools {
            if let compiled = policy.requirement(of: .tool(tool.name)) {
                requirements.append(compiled)
            } else if let own = policy.requirement([tool.permission]) {
                requirements.append(own.and(callTools))
            } else {
                throw .undeclaredPermission(tool: tool.name, permission: tool.permission.name)
            }
        }
        tools = requirements
    }
}

extension ToolRegistry {
    /// What a policy can have rules for, and what is required without them.
    public var operations: [OperationDeclaration] {
        let methods: [(Method, [Permission])] = [
            (.serverDiscover, []), (.initialize, []), (.ping, []), (.toolsList, [.listTools]),
            (.toolsCall, [.callTools]),
        ]
        return methods.map { OperationDeclaration(.method($0.rawValue), permissions: $1) }
            + tools.map { OperationDeclaration(.tool($0.name), permissions: [$0.permission]) }
    }
}
