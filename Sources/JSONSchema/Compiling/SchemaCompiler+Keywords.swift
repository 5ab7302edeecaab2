import JSON

// What one schema's keywords are compiled to.
extension SchemaCompiler {
    /// Compiles the keywords of the schema with this index.
    mutating func compile(_ schema: Int) throws(SchemaError) {
        let node = nodes[schema]
        if case .bool(let value) = values.nodes[node] {
            if !value { program.schemas[schema].keywords = [.nothing] }
            return
        }
        let nodes = keywords(of: node)
        var keywords: [Keyword] = []
        try appendScalars(nodes, to: &keywords)
        if let rule = try itemsRule(nodes) { keywords.append(.items(rule)) }
        if let rule = try membersRule(nodes) { keywords.append(.members(rule)) }
        try appendReferences(nodes, of: schema, to: &keywords)
        try appendApplicators(nodes, to: &keywords)
        if let node = nodes[.unevaluatedItems] {
            keywords.append(.unevaluatedItems(self.schema(at: node)))
        }
        if let node = nodes[.unevaluatedProperties] {
            keywords.append(.unevaluatedProperties(self.schema(at: node)))
        }
        program.schemas[schema].keywords = keywords
        program.schemas[schema].needsEvaluated =
            nodes[.unevaluatedItems] != nil || nodes[.unevaluatedProperties] != nil
    }

    private mutating func appendScalars(
        _ nodes: [SchemaKeyword: Int],
        to keywords: inout [Keyword]
    ) throws(SchemaError) {
        if let node = nodes[.type] { keywords.append(.kinds(try kinds(at: node))) }
        if let node = nodes[.const] { keywords.append(.const(allowedValue(at: node))) }
        if let node = nodes[.enumeration] {
            guard values.kind(of: node) == .array else { throw unexpected(node, .list) }
            keywords.append(.enumeration(elements(of: node).map { allowedValue(at: $0) }))
        }
        if let node = nodes[.multipleOf] { keywords.append(.multipleOf(try divisor(at: node))) }
        if let node = nodes[.minimum] { keywords.append(.minimum(try bound(at: node))) }
        if let node = nodes[.exclusiveMinimum] {
            keywords.append(.exclusiveMinimum(try bound(at: node)))
        }
        if let node = nodes[.maximum] { keywords.append(.maximum(try bound(at: node))) }
        if let node = nodes[.exclusiveMaximum] {
            keywords.append(.exclusiveMaximum(try bound(at: node)))
        }
        if let node = nodes[.minLength] { keywords.append(.minLength(try count(at: node))) }
        if let node = nodes[.maxLength] { keywords.append(.maxLength(try count(at: node))) }
        if let node = nodes[.pattern] {
            keywords.append(.pattern(try pattern(try string(at: node), at: node)))
        }
    }

    private func itemsRule(_ nodes: [SchemaKeyword: Int]) throws(SchemaError) -> ItemsRule? {
        var rule = ItemsRule()
        if let node = nodes[.prefixItems] { rule.prefix = schemas(in: node) }
        rule.rest = nodes[.items].map { schema(at: $0) }
        if let node = nodes[.minItems] { rule.countMin = try count(at: node) }
        if let node = nodes[.maxItems] { rule.countMax = try count(at: node) }
        if let node = nodes[.uniqueItems] { rule.areUnique = try bool(at: node) }
        var contained = ContainsRule(schema: 0)
        if let node = nodes[.minContains] { contained.countMin = try count(at: node) }
        if let node = nodes[.maxContains] { contained.countMax = try count(at: node) }
        if let node = nodes[.contains] {
            contained.schema = schema(at: node)
            rule.contained = contained
        }
        let isEmpty =
            rule.prefix.isEmpty && rule.rest == nil && rule.contained == nil && !rule.areUnique
            && rule.countMin == 0 && rule.countMax == .max
        return isEmpty ? nil : rule
    }

    private mutating func membersRule(
        _ nodes: [SchemaKeyword: Int]
    ) throws(SchemaError) -> MembersRule? {
        var rule = MembersRule()
        var members: [NameTable.ID: MembersRule.Member] = [:]
        if let node = nodes[.properties] {
            for member in self.members(of: node) {
                let text = text(at: member.name)
                let name = program.names.insert(text)
                members[name] = MembersRule.Member(name: name, schema: schema(at: member.value))
                rule.known.append(Excerpt(text).text)
            }
        }
        if let node = nodes[.required] {
            rule.required = try names(at: node)
            for name in rule.required {
                members[name, default: MembersRule.Member(name: name)].isRequired = true
            }
        }
        rule.members = members.values.sorted { $0.name < $1.name }
        if let node = nodes[.patternProperties] {
            for member in self.members(of: node) {
                let pattern = try pattern(text(at: member.name), at: member.value)
                rule.patterns.append((pattern, schema(at: member.value)))
            }
        }
        rule.additional = nodes[.additionalProperties].map { schema(at: $0) }
        rule.names = nodes[.propertyNames].map { schema(at: $0) }
        if let node = nodes[.minProperties] { rule.countMin = try count(at: node) }
        if let node = nodes[.maxProperties] { rule.countMax = try count(at: node) }
        if let node = nodes[.dependentRequired] {
            guard values.kind(of: node) == .object else {
                throw unexpected(node, .namedListsOfStrings)
            }
            for member in self.members(of: node) {
                let name = program.names.insert(text(at: member.name))
                rule.dependencies.append((name, try names(at: member.value)))
            }
        }
        let isEmpty =
            rule.members.isEmpty && rule.patterns.isEmpty && rule.additional == nil
            && rule.names == nil && rule.countMin == 0 && rule.countMax == .max
            && rule.dependencies.isEmpty
        return isEmpty ? nil : rule
    }

    private mutating func appendReferences(
        _ nodes: [SchemaKeyword: Int],
        of schema: Int,
        to keywords: inout [Keyword]
    ) throws(SchemaError) {
        let resource = program.schemas[schema].resource
        if let node = nodes[.ref] {
            keywords.append(.reference(try target(of: node, in: resource).schema))
        }
        if let node = nodes[.dynamicRef] {
            let target = try target(of: node, in: resource)
            if let anchor = target.dynamicAnchor {
                let anchor = program.names.insert(anchor)
                keywords.append(.dynamicReference(anchor: anchor, otherwise: target.schema))
            } else {
                keywords.append(.reference(target.schema))
            }
        }
    }

    private mutating func appendApplicators(
        _ nodes: [SchemaKeyword: Int],
        to keywords: inout [Keyword]
    ) throws(SchemaError) {
        if let node = nodes[.allOf] { keywords.append(.allOf(schemas(in: node))) }
        if let node = nodes[.anyOf] { keywords.append(.anyOf(schemas(in: node))) }
        if let node = nodes[.oneOf] { keywords.append(.oneOf(schemas(in: node))) }
        if let node = nodes[.not] { keywords.append(.not(schema(at: node))) }
        if let node = nodes[.condition] {
            keywords.append(
                .conditional(
                    if: schema(at: node),
                    then: nodes[.then].map { schema(at: $0) },
                    otherwise: nodes[.otherwise].map { schema(at: $0) }
                )
            )
        }
        if let node = nodes[.dependentSchemas] {
            var schemas: [(name: NameTable.ID, schema: Int)] = []
            for member in members(of: node) {
                let name = program.names.insert(text(at: member.name))
                schemas.append((name, schema(at: member.value)))
            }
            keywords.append(.dependentSchemas(schemas))
        }
    }

    private func schemas(in node: Int) -> [Int] {
        elements(of: node).map { schema(at: $0) }
    }
}
