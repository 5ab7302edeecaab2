// Schemas that apply each other to the same value.
extension SchemaCompiler {
    private enum Mark {
        case unseen, open, done
    }

    /// Refuses a schema that would apply itself to the value at hand again, directly or not.
    ///
    /// Recursion through `properties`, `items` and the like ends with the value; this does not
    /// (JSON Schema Core 2020-12 §9.4.1). What `$dynamicRef` leads to depends on the way there, so
    /// a circle through it is found only where it is walked, by the limit of depth.
    func refuseEndlessReferences() throws(SchemaError) {
        var marks = [Mark](repeating: .unseen, count: program.schemas.count)
        for root in program.schemas.indices where marks[root] == .unseen {
            marks[root] = .open
            var stack = [(schema: root, targets: targets(of: root), next: 0)]
            while let (schema, targets, next) = stack.last {
                guard next < targets.count else {
                    marks[schema] = .done
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                switch marks[targets[next]] {
                case .done: continue
                case .open: throw error(.endlessReference, at: nodes[schema])
                case .unseen:
                    marks[targets[next]] = .open
                    stack.append((targets[next], self.targets(of: targets[next]), 0))
                }
            }
        }
    }

    /// The schemas that a schema applies to the same value.
    private func targets(of schema: Int) -> [Int] {
        var targets: [Int] = []
        for keyword in program.schemas[schema].keywords {
            switch keyword {
            case .reference(let target), .not(let target): targets.append(target)
            case .allOf(let schemas), .anyOf(let schemas), .oneOf(let schemas): targets += schemas
            case .conditional(let condition, let then, let otherwise):
                targets.append(condition)
                if let then { targets.append(then) }
                if let otherwise { targets.append(otherwise) }
            case .dependentSchemas(let schemas): targets += schemas.map(\.schema)
            case .nothing, .kinds, .const, .enumeration, .multipleOf, .minimum, .exclusiveMinimum,
                .maximum, .exclusiveMaximum, .minLength, .maxLength, .pattern, .items, .members,
                .dynamicReference, .unevaluatedItems, .unevaluatedProperties:
                break
            }
        }
        return targets
    }
}
