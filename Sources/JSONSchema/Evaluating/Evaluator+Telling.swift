import JSON

// How a failure becomes a violation.
extension Evaluator {
    /// How many steps of a path are shown, the last ones.
    static let pathStepCountMax = 16

    /// Tells a failure, if it will be told and is the first.
    ///
    /// - Returns: `false`, so that a check can end with it.
    mutating func refuse(
        _ reason: SchemaViolation.Reason,
        at propertyName: String? = nil
    ) -> Bool {
        guard purpose == .telling, violation == nil else { return false }
        var found = SchemaViolation(reason)
        if let propertyName { found = found.inside(Excerpt(propertyName).text) }
        violation = inside(found)
        violationDepth = path.count + (propertyName == nil ? 0 : 1)
        return false
    }

    mutating func refuse(_ kinds: KindSet, at value: Int) -> Bool {
        guard purpose == .telling else { return false }
        if kinds == .integer, case .number(let extent) = values.nodes[value] {
            return refuse(.notAnInteger(value: excerpt(of: extent.range)))
        }
        let expected = kinds.expectations.joined(separator: " or ")
        return refuse(.wrongKind(values.kind(of: value), expected: expected))
    }

    /// Tells of a member that no property describes, where the schema for those is `false`.
    mutating func refuse(unknownMember name: Int, _ rule: MembersRule, schema: Int) -> Bool {
        guard purpose == .telling else { return false }
        guard case .nothing? = program.schemas[schema].keywords.first else { return false }
        violation = nil
        let excerpt = Excerpt(text(ofName: name))
        return refuse(
            rule.patterns.isEmpty
                ? .unknownProperty(name: excerpt, known: rule.known)
                : .forbiddenName(excerpt)
        )
    }

    func text(ofName node: Int) -> String {
        guard case .name(_, let extent) = values.nodes[node] else { return "" }
        return reader.text(of: extent.string)
    }

    /// What is shown of a number; empty if nothing will be told, as making it takes time.
    func excerpt(of number: Range<Int>) -> Excerpt {
        excerpt(reader.text(of: JSONString(range: number, hasEscapes: false)))
    }

    /// What is shown of a text, in the same way.
    func excerpt(_ text: @autoclosure () -> String) -> Excerpt {
        purpose == .telling ? Excerpt(text()) : Excerpt("")
    }

    /// The same violation, seen from the root.
    private func inside(_ violation: SchemaViolation) -> SchemaViolation {
        var result = violation
        for step in path.suffix(Self.pathStepCountMax).reversed() {
            switch step {
            case .member(let name): result = result.inside(Excerpt(text(ofName: name)).text)
            case .element(let index): result = result.inside(elementAt: index)
            }
        }
        return path.count > Self.pathStepCountMax ? result.inside("…") : result
    }
}
