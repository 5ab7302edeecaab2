import AccessControl
import Testing

@Suite("Decisions by rules")
struct RuleDecisionTests {
    private static let tool = ProtectedOperation.tool("t")
    private static let names = ["a", "b", "c", "d"]

    /// Rules and a caller, drawn at random.
    private struct Draw {
        let rules: [AccessRule]
        let roles: [String]?
        let scope: [String]?
        let permissions: [String]?

        /// Claims and arguments that equal 1, by name.
        let trueClaims: Set<String>
        let trueArguments: Set<String>

        init(using generator: inout some RandomNumberGenerator) {
            func some<Element>(
                _ elements: [Element],
                _ generator: inout some RandomNumberGenerator
            ) -> [Element] {
                elements.filter { _ in Int.random(in: 0..<3, using: &generator) == 0 }
            }
            var rules: [AccessRule] = []
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                let claims = some(names, &generator).map {
                    AccessCondition.claim($0, is: .equals(1))
                }
                let arguments = some(names, &generator).map {
                    AccessCondition.argument($0, is: .equals(1))
                }
                rules.append(
                    AccessRule(
                        some(names, &generator).map { Permission($0) },
                        when: some(claims, &generator) + some(arguments, &generator)
                    )
                )
            }
            self.rules = rules
            roles = Bool.random(using: &generator) ? nil : some(["half", "all"], &generator)
            scope = Bool.random(using: &generator) ? nil : some(names + ["call:tools"], &generator)
            permissions =
                Int.random(in: 0..<4, using: &generator) > 0
                ? nil : some(names + ["call:tools"], &generator)
            trueClaims = Set(some(names, &generator))
            trueArguments = Set(some(names, &generator))
        }
    }

    private func policy(_ rules: [AccessRule]) throws -> AccessPolicy {
        try AccessPolicy(
            PolicyDocument(
                roles: [
                    Role("half", .permissions([Permission("a"), Permission("b"), .callTools])),
                    Role("all", .everything),
                ],
                entries: [.init(Self.tool, rules)]
            ),
            for: [
                .init(.callTool, permissions: [.callTools]),
                .init(Self.tool, permissions: Self.names.map { Permission($0) }),
            ]
        )
    }

    private func satisfied(
        _ conditions: [AccessCondition],
        _ names: Set<String>
    ) -> ConditionSet {
        var set = ConditionSet()
        for (index, condition) in conditions.enumerated()
        where names.contains(condition.path[0].text) {
            set.insert(index)
        }
        return set
    }

    /// The document read word by word, without bits: what the compiled policy must decide.
    private struct Interpreter {
        let draw: Draw

        private var known: Set<String> { Set(names + ["call:tools", "list:tools"]) }

        private var ceiling: Set<String> {
            var ceiling = known
            if let roles = draw.roles {
                ceiling = []
                if roles.contains("half") { ceiling = ["a", "b", "call:tools"] }
                if roles.contains("all") { ceiling = known }
            }
            if let permissions = draw.permissions { ceiling.formIntersection(permissions) }
            return ceiling
        }

        private var held: Set<String> {
            let scope = Set(draw.scope ?? []).intersection(known)
            if draw.roles != nil, scope.isEmpty { return ceiling }
            return ceiling.intersection(scope)
        }

        func outcome(_ arguments: Set<String>) -> AccessOutcome {
            let satisfied = draw.rules.filter { rule in
                rule.conditions.allSatisfy { condition in
                    let name = condition.path[0].text
                    return condition.source == .claim
                        ? draw.trueClaims.contains(name) : arguments.contains(name)
                }
            }
            let needs = satisfied.map { Set($0.permissions.map(\.name) + ["call:tools"]) }
            if needs.contains(where: { $0.isSubset(of: held) }) { return .allowed }
            guard let first = needs.first(where: { $0.isSubset(of: ceiling) }) else {
                return .forbidden
            }
            return .insufficientScope(scope: first.sorted().joined(separator: " "))
        }
    }

    private func sorted(_ outcome: AccessOutcome) -> AccessOutcome {
        guard case .insufficientScope(let scope) = outcome else { return outcome }
        let names = scope.split(separator: " ").sorted()
        return .insufficientScope(scope: names.joined(separator: " "))
    }

    @Test func `The compiled policy decides what the document says, for any caller`() throws {
        var generator = Generator(state: 20_261_123)
        var outcomes: Set<String> = []
        for round in 0..<4_000 {
            let draw = Draw(using: &generator)
            let policy = try policy(draw.rules)
            let rights = policy.rights(
                roles: draw.roles,
                scope: draw.scope,
                permissions: draw.permissions,
                satisfying: satisfied(policy.claimConditions, draw.trueClaims)
            )
            let requirement = try #require(policy.requirement(of: Self.tool))
            let interpreter = Interpreter(draw: draw)

            let decision = requirement.decision(
                for: rights,
                satisfying: satisfied(policy.argumentConditions, draw.trueArguments)
            )
            let expected = interpreter.outcome(draw.trueArguments)
            #expect(sorted(policy.outcome(of: decision)) == expected, "round \(round): \(draw)")

            // Before the arguments are known: an answer only if no arguments change it.
            let all = (0..<16).map { bits in
                let chosen = Self.names.indices.filter { bits & 1 << $0 != 0 }
                return interpreter.outcome(Set(chosen.map { Self.names[$0] }))
            }
            let before = sorted(policy.outcome(of: requirement.decision(for: rights)))
            if before == .dependsOnArguments {
                #expect(draw.rules.contains { $0.conditions.contains { $0.source == .argument } })
            } else {
                #expect(Set(all) == [before], "round \(round): \(draw)")
            }
            #expect(requirement.canBeMet(by: rights) == all.contains(.allowed), "round \(round)")
            outcomes.insert("\(expected)".prefix(9) + " after \("\(before)".prefix(9))")
        }
        #expect(outcomes.count == 6, "\(outcomes)")
    }

    private func decision(_ rules: [AccessRule], scope: [String]) throws -> AccessOutcome {
        let policy = try policy(rules)
        let rights = policy.rights(roles: ["half"], scope: scope, permissions: nil)
        let requirement = try #require(policy.requirement(of: Self.tool))
        return policy.outcome(of: requirement.decision(for: rights))
    }

    @Test func `The first rule that a wider scope would satisfy is the one that is named`() throws {
        let rules = [
            AccessRule([Permission("c")]),
            AccessRule([Permission("a")], when: [.claim("x", is: .equals(1))]),
            AccessRule([Permission("b")]),
            AccessRule([Permission("a")]),
        ]
        #expect(
            try decision(rules, scope: ["call:tools"])
                == .insufficientScope(scope: "b call:tools")
        )
    }

    @Test func `A condition that fails sends nobody for more scope`() throws {
        let rule = AccessRule([Permission("a")], when: [.claim("x", is: .equals(1))])
        #expect(try decision([rule], scope: ["call:tools"]) == .forbidden)
    }

    @Test func `A refusal depends on the arguments if they choose what it names`() throws {
        let condition = AccessCondition.argument("x", is: .equals(1))
        let other = AccessRule([Permission("b")], when: [condition])
        let plain = AccessRule([Permission("a")])
        #expect(try decision([other, plain], scope: ["call:tools"]) == .dependsOnArguments)
        #expect(
            try decision([plain, other], scope: ["call:tools"])
                == .insufficientScope(scope: "a call:tools")
        )
        let same = AccessRule([Permission("a")], when: [condition])
        #expect(
            try decision([same, plain], scope: ["call:tools"])
                == .insufficientScope(scope: "a call:tools")
        )
        #expect(try decision([same], scope: ["call:tools"]) == .dependsOnArguments)
        #expect(try decision([same, plain], scope: ["call:tools", "a"]) == .allowed)
    }
}

/// Random numbers that are the same in every run (SplitMix64, Steele, Lea, Flood 2014).
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
