import AccessControl
import Martlet

/// Who bears a token: name, workspace, and rights with what each of them comes from.
struct BearerListing {
    private(set) var lines: [String] = []

    init(_ caller: TrialCaller, _ trial: PolicyTrial) {
        lines = [
            "subject: \(caller.subject.name.quoted) of \(caller.subject.issuer.quoted)",
            "workspace: \(caller.workspace.name.quoted)",
        ]
        guard let found = trial.explain(.listTools, by: caller, arguments: nil) else {
            preconditionFailure("every server lists tools")
        }
        add("role", found.roles, absent: "no role claim", unknown: "no such role here")
        add("scope", found.scope, absent: "no scope", unknown: "not known here, ignored")
        if let listed = found.permissionsClaim {
            lines.append("permissions claim: leaves at most \(Self.list(listed.map(\.name)))")
        }
        lines.append("rights: \(Self.list(found.effective.map(\.name)))")
        for tool in trial.policy.operations(of: .tool) {
            let found = trial.explain(.tool(tool), by: caller, arguments: nil)
            guard let decision = found?.decision else { continue }
            lines.append("tool \(tool): \(trial.policy.outcome(of: decision))")
        }
    }

    private mutating func add(
        _ name: String,
        _ grants: [AccessExplanation.NamedGrant]?,
        absent: String,
        unknown: String
    ) {
        guard let grants else { return lines.append(absent) }
        guard !grants.isEmpty else { return lines.append("\(name): none named") }
        for grant in grants {
            let permitted = grant.permissions.map { Self.list($0.map(\.name)) }
            lines.append("\(name) \(grant.name.quoted): \(permitted ?? unknown)")
        }
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "nothing" : names.joined(separator: " ")
    }
}
