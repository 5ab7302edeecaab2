import JSON

// Finding the schemas of a document, its resources and anchors.
extension SchemaCompiler {
    /// What `$schema` may say; an empty fragment is the same.
    private static let dialect = "https://json-schema.org/draft/2020-12/schema"

    /// Notes the schema at a node and all those in it.
    ///
    /// Only what keywords hold is a schema: an `$id` inside an `enum` is a value like any other.
    ///
    /// - Parameters:
    ///   - root: Where to begin.
    ///   - resource: The resource around it; `nil` for the document itself.
    /// - Throws: ``SchemaError`` where something else stands than a schema.
    mutating func scan(from root: Int, in resource: Int?) throws(SchemaError) {
        var pending = [(node: root, resource: resource)]
        while let (node, outer) = pending.popLast() {
            guard schemas[node] == nil else { continue }
            let kind = values.kind(of: node)
            guard kind == .object || kind == .true || kind == .false else {
                throw unexpected(node, .schema)
            }
            let keywords = keywords(of: node)
            let resource = try self.resource(at: node, keywords, inside: outer)
            schemas[node] = nodes.count
            nodes.append(node)
            program.schemas.append(
                Subschema(keywords: [], resource: resource, needsEvaluated: false)
            )
            try noteAnchors(at: node, keywords, in: resource)
            // In reverse, so that the program follows the text.
            var children: [Int] = []
            for member in members(of: node) {
                guard let keyword = SchemaKeyword(rawValue: text(at: member.name)) else { continue }
                children += try self.children(keyword, at: member.value)
            }
            for child in children.reversed() { pending.append((child, resource)) }
        }
    }

    private func children(
        _ keyword: SchemaKeyword,
        at node: Int
    ) throws(SchemaError) -> [Int] {
        switch keyword.holding {
        case .none:
            return []
        case .one:
            return [node]
        case .list:
            guard values.kind(of: node) == .array else { throw unexpected(node, .listOfSchemas) }
            let elements = elements(of: node)
            guard !elements.isEmpty else { throw error(.empty, at: node) }
            return elements
        case .named:
            guard values.kind(of: node) == .object else { throw unexpected(node, .namedSchemas) }
            return members(of: node).map(\.value)
        }
    }

    /// The resource that a schema stands in: its own if it has an identifier.
    private mutating func resource(
        at node: Int,
        _ keywords: [SchemaKeyword: Int],
        inside outer: Int?
    ) throws(SchemaError) -> Int {
        if let schema = keywords[.schema] {
            let dialect = try string(at: schema)
            guard dialect == Self.dialect || dialect == Self.dialect + "#" else {
                throw error(.unsupportedDialect(dialect), at: schema)
            }
        }
        let base = outer.map { resources[$0].uri } ?? URIReference("")
        guard let id = keywords[.id] else {
            return outer ?? insertResource(URIReference(""), at: node)
        }
        let text = try string(at: id)
        let uri = URIReference(text).resolved(against: base)
        guard uri.fragment ?? "" == "" else { throw error(.malformedIdentifier(text), at: id) }
        guard resourcesByURI[uri.withoutFragment] == nil else {
            throw error(.repeatedIdentifier(text), at: id)
        }
        return insertResource(uri, at: node)
    }

    private mutating func insertResource(_ uri: URIReference, at node: Int) -> Int {
        resourcesByURI[uri.withoutFragment] = resources.count
        resources.append(Resource(uri: uri, root: node))
        return resources.count - 1
    }

    private mutating func noteAnchors(
        at node: Int,
        _ keywords: [SchemaKeyword: Int],
        in resource: Int
    ) throws(SchemaError) {
        if let anchor = keywords[.anchor] {
            let name = try string(at: anchor)
            guard resources[resource].anchors.updateValue(node, forKey: name) == nil else {
                throw error(.repeatedIdentifier(name), at: anchor)
            }
        }
        if let anchor = keywords[.dynamicAnchor] {
            let name = try string(at: anchor)
            guard resources[resource].dynamicAnchors.updateValue(node, forKey: name) == nil else {
                throw error(.repeatedIdentifier(name), at: anchor)
            }
        }
    }
}
