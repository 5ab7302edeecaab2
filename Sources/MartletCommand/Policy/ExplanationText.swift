import AccessControl
import JSON
import JWT
import Martlet

/// An explanation as it is printed.
package struct ExplanationText {
    package private(set) var text = ""

    /// Whether the server would refuse the request for certain.
    package let isRefusal: Bool

    /// - Parameters:
    ///   - verdict: What the token comes to.
    ///   - trial: What decided.
    ///   - operation: What is asked for; one that the server has.
    ///   - arguments: The arguments of the call, if they are known.
    package init(
        _ verdict: PolicyTrial.Verdict,
        of trial: PolicyTrial,
        _ operation: ProtectedOperation,
        arguments: RawJSON?
    ) {
        switch verdict {
        case .rejected(let rejection):
            isRefusal = true
            line("token", "refused: \(rejection)")
            write(trial.answer(to: rejection))
        case .withoutWorkspace(let refusal):
            isRefusal = true
            line("token", "verifies, but \(refusal)")
            write(PolicyTrial.Answer(statusCode: 403, challenge: nil))
        case .caller(let caller):
            guard let found = trial.explain(operation, by: caller, arguments: arguments) else {
                preconditionFailure("\(operation) is not one of the server's")
            }
            isRefusal = found.decision.isRefusal
            write(caller)
            write(found)
            line("decision", "\(trial.policy.outcome(of: found.decision))")
            if let answer = trial.answer(to: found.decision) {
                write(answer)
            } else {
                line("answer", "follows from the arguments; give them with --arguments")
            }
        }
    }

    private mutating func line(_ name: String, _ value: String) {
        text += name + String(repeating: " ", count: max(1, 14 - name.count)) + value + "\n"
    }

    private mutating func write(_ caller: TrialCaller) {
        line(
            "token",
            """
            \(caller.subject.name.quoted) of \(caller.subject.issuer.quoted), workspace \
            \(caller.workspace), until \(caller.expiresAt)
            """
        )
        line(
            "signature",
            caller.isSignatureChecked
                ? "verified"
                : "NOT CHECKED: the issuer's keys are fetched, which only a running server does"
        )
    }

    private mutating func write(_ found: AccessExplanation) {
        write("roles", found.roles, absent: "no role claim", unknown: "no such role")
        write("scope", found.scope, absent: "no scope", unknown: "not known here, ignored")
        write(
            "permissions",
            found.permissionsClaim,
            absent: "no permissions claim",
            unknown: "not known here"
        )
        line("leaves", Self.list(found.effective))
        for operation in found.operations { write(operation) }
        text += "\n"
    }

    private mutating func write(
        _ name: String,
        _ grants: [AccessExplanation.NamedGrant]?,
        absent: String,
        unknown: String
    ) {
        guard let grants else { return line(name, absent) }
        guard !grants.isEmpty else { return line(name, "none named") }
        for (index, grant) in grants.enumerated() {
            let permitted = grant.permissions.map(Self.list) ?? unknown
            line(index == 0 ? name : "", "\(grant.name.quoted): \(permitted)")
        }
    }

    private mutating func write(_ found: AccessExplanation.OperationFinding) {
        let origin =
            switch found.origin {
            case .declaration: "declares"
            case .document: "has these rules in the policy"
            }
        text += "\n\(found.operation) \(origin):\n"
        if found.rules.isEmpty { text += "  ✗ no rule: nobody may\n" }
        for (index, rule) in found.rules.enumerated() {
            text += "  \(Self.mark(rule.holds)) rule \(index + 1)\n"
            for permission in rule.permissions { write(permission) }
            for condition in rule.conditions {
                text += "      \(Self.mark(condition.holds)) \(condition.condition)\n"
            }
            if rule.permissions.isEmpty, rule.conditions.isEmpty {
                text += "      asks for nothing\n"
            }
        }
    }

    private mutating func write(_ found: AccessExplanation.PermissionFinding) {
        let reason =
            switch found.state {
            case .held: ""
            case .outsideScope: ": the scope leaves it out"
            case .withheld: ": role or permissions claim withhold it"
            }
        let mark = Self.mark(found.state == .held)
        text += "      \(mark) permission \(found.permission)\(reason)\n"
    }

    private mutating func write(_ answer: PolicyTrial.Answer) {
        guard answer.statusCode != 200 else {
            return line("answer", "the request is carried out")
        }
        line("answer", "\(answer.statusCode)")
        if let challenge = answer.challenge { line("", "WWW-Authenticate: \(challenge)") }
    }

    private static func list(_ permissions: [Permission]) -> String {
        permissions.isEmpty ? "nothing" : permissions.map(\.name).joined(separator: " ")
    }

    /// A tick, a cross, or a question mark for what is not known.
    private static func mark(_ holds: Bool?) -> String {
        switch holds {
        case .some(true): "✓"
        case .some(false): "✗"
        case nil: "?"
        }
    }
}

extension AccessExplanation.RuleFinding {
    /// `nil` if that follows from arguments that are not known.
    fileprivate var holds: Bool? {
        guard permissions.allSatisfy({ $0.state == .held }),
            conditions.allSatisfy({ $0.holds != false })
        else { return false }
        return conditions.contains { $0.holds == nil } ? nil : true
    }
}
