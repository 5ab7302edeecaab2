/// Why a token that verifies leads to no workspace.
public enum WorkspaceRefusal: Error, Hashable, Sendable {
    case claimMissing
    /// No string, or no name that a workspace can have.
    case claimMalformed
    case notAllowed(Workspace)
}

extension WorkspaceRefusal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .claimMissing: "the token names no workspace"
        case .claimMalformed:
            "the workspace claim is not a string of 1 to \(Workspace.nameByteCountMax) visible "
                + "ASCII characters that begins with no tilde"
        case .notAllowed(let workspace):
            "the token's issuer may not use the workspace \(workspace)"
        }
    }
}
