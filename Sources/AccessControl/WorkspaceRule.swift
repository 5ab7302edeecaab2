/// How the tokens of one issuer name a workspace, and which ones they may name.
public struct WorkspaceRule: Hashable, Sendable {
    /// What the claim says, if the rule names a claim.
    public enum Claim: Hashable, Sendable {
        case absent
        case name(String)
        /// There, but no string. Never taken for absent: an issuer that means to name a workspace
        /// must not land in the one for those that name none.
        case malformed
    }

    /// The names an issuer may use.
    public enum Names: Hashable, Sendable {
        case any
        case list([String])
        case prefix(String)

        fileprivate func contains(_ workspace: Workspace) -> Bool {
            // A workspace's name is ASCII, but a configured name may be anything: bytes compare.
            switch self {
            case .any: true
            case .list(let names): names.contains { $0.utf8.elementsEqual(workspace.name.utf8) }
            case .prefix(let prefix): workspace.name.utf8.starts(with: prefix.utf8)
            }
        }
    }

    /// What a token without the claim means.
    public enum Absence: Hashable, Sendable {
        case refuse
        case fixed(Workspace)
        case ownOfSubject
    }

    /// The members that lead to the claim; `nil` if no claim names a workspace.
    public let claimPath: [String]?
    public let names: Names
    public let absence: Absence

    public init(claimPath: [String]?, names: Names, absence: Absence) {
        self.claimPath = claimPath
        self.names = names
        self.absence = absence
    }

    /// Everybody in the workspace `default`.
    public static let shared = WorkspaceRule(
        claimPath: nil,
        names: .any,
        absence: .fixed(.shared)
    )

    /// Where a token's bearer works.
    ///
    /// - Throws: ``WorkspaceRefusal``: the token verifies, but leads to no workspace.
    public func workspace(
        for subject: Subject,
        claim: Claim
    ) throws(WorkspaceRefusal) -> Workspace {
        switch claim {
        case .absent:
            switch absence {
            case .refuse: throw .claimMissing
            case .fixed(let workspace): return workspace
            case .ownOfSubject: return Workspace(ownOf: subject)
            }
        case .malformed:
            throw .claimMalformed
        case .name(let name):
            guard let workspace = Workspace(name) else { throw .claimMalformed }
            guard names.contains(workspace) else { throw .notAllowed(workspace) }
            return workspace
        }
    }
}
