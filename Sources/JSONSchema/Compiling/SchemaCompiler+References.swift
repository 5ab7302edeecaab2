import JSON

// What `$ref` and `$dynamicRef` lead to.
extension SchemaCompiler {
    struct Target {
        let schema: Int
        /// The name in the fragment, if it is that of a dynamic anchor.
        let dynamicAnchor: String?
    }

    /// Resolves the reference at a node, which must lead to a place in the document.
    mutating func target(of node: Int, in resource: Int) throws(SchemaError) -> Target {
        let reference = try string(at: node)
        let uri = URIReference(reference).resolved(against: resources[resource].uri)
        guard let resource = resourcesByURI[uri.withoutFragment] else {
            throw error(.remoteReference(reference), at: node)
        }
        guard let fragment = uri.decodedFragment else {
            throw error(.unresolvedReference(reference), at: node)
        }
        let root = resources[resource].root
        if fragment.isEmpty { return Target(schema: schema(at: root), dynamicAnchor: nil) }
        if fragment.utf8.first == UInt8(ascii: "/") {
            guard let (found, resource) = place(at: fragment, from: root, in: resource) else {
                throw error(.unresolvedReference(reference), at: node)
            }
            try scan(from: found, in: resource)
            return Target(schema: schema(at: found), dynamicAnchor: nil)
        }
        if let found = resources[resource].dynamicAnchors[fragment] {
            return Target(schema: schema(at: found), dynamicAnchor: fragment)
        }
        guard let found = resources[resource].anchors[fragment] else {
            throw error(.unresolvedReference(reference), at: node)
        }
        return Target(schema: schema(at: found), dynamicAnchor: nil)
    }

    /// Follows a JSON Pointer (RFC 6901), and notes into which resource it leads.
    private func place(
        at pointer: String,
        from root: Int,
        in resource: Int
    ) -> (node: Int, resource: Int)? {
        var node = root
        var resource = resource
        for token in pointer.utf8.dropFirst().split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        ) {
            guard let name = Self.unescaped(token), let child = child(of: node, named: name) else {
                return nil
            }
            node = child
            if let schema = schemas[node] { resource = program.schemas[schema].resource }
        }
        return (node, resource)
    }

    private func child(of node: Int, named name: String) -> Int? {
        switch values.kind(of: node) {
        case .object:
            let members = members(of: node)
            return members.first { text(at: $0.name).utf8.elementsEqual(name.utf8) }?.value
        case .array:
            guard let index = Int(name), index >= 0, String(index) == name else { return nil }
            let elements = elements(of: node)
            return index < elements.count ? elements[index] : nil
        default:
            return nil
        }
    }

    /// Replaces `~1` and `~0`; `nil` if a tilde stands before anything else.
    private static func unescaped(_ token: Substring.UTF8View.SubSequence) -> String? {
        var bytes: [UInt8] = []
        var isAfterTilde = false
        for byte in token {
            switch (isAfterTilde, byte) {
            case (true, UInt8(ascii: "0")): bytes.append(UInt8(ascii: "~"))
            case (true, UInt8(ascii: "1")): bytes.append(UInt8(ascii: "/"))
            case (true, _): return nil
            case (false, UInt8(ascii: "~")): break
            case (false, _): bytes.append(byte)
            }
            isAfterTilde = !isAfterTilde && byte == UInt8(ascii: "~")
        }
        return isAfterTilde ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// The JSON Pointer to a node, for messages: each container is searched for it.
    func pointer(to node: Int) -> String {
        var pointer = "#"
        var current = 0
        while current != node {
            var step: (name: String, node: Int)?
            for member in members(of: current) where member.name <= node {
                step = (text(at: member.name), member.value)
                if member.name == node { return pointer + "/" + Self.escaped(text(at: node)) }
            }
            for (index, element) in elements(of: current).enumerated() where element <= node {
                step = ("\(index)", element)
            }
            guard let step else { break }
            pointer += "/" + Self.escaped(step.name)
            current = step.node
        }
        return pointer
    }

    private static func escaped(_ token: String) -> String {
        var result = ""
        for scalar in token.unicodeScalars {
            switch scalar {
            case "~": result += "~0"
            case "/": result += "~1"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
