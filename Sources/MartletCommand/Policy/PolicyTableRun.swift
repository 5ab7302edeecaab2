import AccessControl
import Martlet

/// What a policy decides for each row of a table.
package struct PolicyTableRun {
    package private(set) var passedCount = 0

    /// A line for each case that was decided otherwise.
    package private(set) var failures: [String] = []

    package init(_ table: PolicyTable, on trial: PolicyTrial, nowSeconds: Int64) {
        for row in table.cases {
            let found = Self.outcome(row, trial, nowSeconds)
            switch found {
            case .decided(let outcome) where row.expected.isMet(by: outcome):
                passedCount += 1
            case .decided(let outcome):
                failures.append("\(row.name): expected \(row.expected), decided \(outcome)")
            case .undecided(let reason):
                failures.append("\(row.name): expected \(row.expected), but \(reason)")
            }
        }
    }

    /// What is printed: the failures and a line that counts.
    package var text: String {
        let lines = failures + ["\(passedCount) passed, \(failures.count) failed"]
        return lines.joined(separator: "\n") + "\n"
    }

    private enum Found {
        case decided(AccessOutcome)
        case undecided(reason: String)
    }

    private static func outcome(
        _ row: PolicyTable.Case,
        _ trial: PolicyTrial,
        _ nowSeconds: Int64
    ) -> Found {
        switch trial.verdict(on: row.claims, nowSeconds: nowSeconds) {
        case .rejected(let rejection):
            return .undecided(reason: "a token with these claims is refused: \(rejection)")
        case .withoutWorkspace(let refusal):
            return .undecided(reason: "\(refusal)")
        case .caller(let caller):
            let found = trial.explain(row.operation, by: caller, arguments: row.arguments)
            guard let found else {
                let operation = row.operation
                let names = trial.policy.operations(of: operation.kind).joined(separator: ", ")
                return .undecided(
                    reason: """
                        the server has no \(operation.kind.rawValue) \(operation.name.quoted); it \
                        has \(names)
                        """
                )
            }
            return .decided(trial.policy.outcome(of: found.decision))
        }
    }
}
