public import AccessControl

/// What one policy requires for everything the server has, in bits and by its place, so that a
/// decision looks nothing up by name.
struct AccessTable: Sendable {
    let listTools: Requirement
    let callTools: Requirement
    let discover: Requirement
    let initialize: Requirement
    let ping: Requirement
    let listResources: Requirement
    let listTemplates: Requirement
    let listPrompts: Requirement
    let listen: Requirement

    // In the order of the registry.
    let tools: [Requirement]
    let resources: [Requirement]
    let templates: [Requirement]
    let prompts: [Requirement]
    let resourceSources: [Requirement]

    /// - Throws: ``FeatureRegistryError`` if a feature requires a permission that `policy` does not
    ///   know.
    init(_ policy: AccessPolicy, _ registry: FeatureRegistry) throws(FeatureRegistryError) {
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
        listResources = requirement(.resourcesList, orElse: .none)
        listTemplates = requirement(.resourceTemplatesList, orElse: .none)
        listPrompts = requirement(.promptsList, orElse: .none)
        listen = requirement(.subscriptionsListen, orElse: .none)
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
        let features = registry.features
        resources = try Self.requirements(
            policy,
            features.resources.map { (.resource($0.description.uri), $0.permission) }
        )
        templates = try Self.requirements(
            policy,
            features.resourceTemplates.map { (.resource($0.template.text), $0.permission) }
        )
        prompts = try Self.requirements(
            policy,
            features.prompts.map { (.prompt($0.name), $0.permission) }
        )
        var ofSources: [Requirement] = []
        for source in features.resourceSources {
            guard let requirement = policy.requirement([source.permission]) else {
                throw .undeclaredFeaturePermission(
                    feature: "a source of resources",
                    permission: source.permission.name
                )
            }
            ofSources.append(requirement)
        }
        resourceSources = ofSources
        for source in features.completionSources
        where policy.requirement([source.permission]) == nil {
            throw .undeclaredFeaturePermission(
                feature: "a completion source",
                permission: source.permission.name
            )
        }
    }

    subscript(place: FeatureRegistry.ResourcePlace) -> Requirement {
        switch place {
        case .resource(let index): resources[index]
        case .template(let index, _): templates[index]
        }
    }

    private static func requirements(
        _ policy: AccessPolicy,
        _ features: [(ProtectedOperation, Permission)]
    ) throws(FeatureRegistryError) -> [Requirement] {
        var requirements: [Requirement] = []
        for (operation, permission) in features {
            guard
                let requirement = policy.requirement(of: operation)
                    ?? policy.requirement([permission])
            else {
                throw .undeclaredFeaturePermission(
                    feature: "\(operation)",
                    permission: permission.name
                )
            }
            requirements.append(requirement)
        }
        return requirements
    }
}

extension ServerFeatures {
    var completionSources: [CompletionSource] {
        resourceTemplates.flatMap(\.completions.values)
            + prompts.flatMap { $0.arguments.compactMap(\.completion) }
    }
}

extension FeatureRegistry {
    /// What a policy can have rules for, and what is required without them.
    public var operations: [OperationDeclaration] {
        let methods: [(Method, [Permission])] = [
            (.serverDiscover, []), (.initialize, []), (.ping, []), (.toolsList, [.listTools]),
            (.toolsCall, [.callTools]), (.resourcesList, []), (.resourceTemplatesList, []),
            (.promptsList, []), (.subscriptionsListen, []),
        ]
        let resources = features.resources.map { ($0.description.uri, $0.permission) }
        let templates = features.resourceTemplates.map { ($0.template.text, $0.permission) }
        return methods.map { OperationDeclaration(.method($0.rawValue), permissions: $1) }
            + tools.map { OperationDeclaration(.tool($0.name), permissions: [$0.permission]) }
            + (resources + templates).map {
                OperationDeclaration(.resource($0), permissions: [$1])
            }
            + features.prompts.map {
                OperationDeclaration(.prompt($0.name), permissions: [$0.permission])
            }
    }
}
