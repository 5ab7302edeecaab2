import AccessControl
import JSON
import JWT

/// A flag of `martlet token` that is not what it must be.
package enum TokenFlagMistake: Error, Hashable, Sendable {
    case noRole
    case unknownRole(String)
    case malformedSubject
    case malformedWorkspace
    case malformedTime(String)
    case unknownType(String)
    case unknownAlgorithm(String)
    /// Its keys are pairs, and a secret is none.
    case algorithmNeedsKeyFile(SignatureAlgorithm)
    case emptyAudience
    /// Not NAME=JSON.
    case malformedClaim(String)
    case claimNotJSON(name: String, JSONError)
    case claimTwice(name: String)
}

extension TokenFlagMistake: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noRole:
            "--role is missing: \(Self.roles), or any claims with --claim role='\"…\"'"
        case .unknownRole(let text):
            "--role is \(text.quoted) and must be \(Self.roles); others go with --claim role='\"…\"'"
        case .malformedSubject:
            "--subject must be 1 to 255 bytes without control characters"
        case .malformedWorkspace:
            """
            --workspace must be 1 to \(Workspace.nameByteCountMax) visible ASCII characters, the \
            first of which is no tilde
            """
        case .malformedTime(let text):
            """
            --expires is \(text.quoted) and must be a time such as 3600, 90m, 24h or 7d, of 1 \
            second to 366 days
            """
        case .unknownType(let text):
            "--type is \(text.quoted) and must be at+jwt or JWT"
        case .unknownAlgorithm(let text):
            """
            --algorithm is \(text.quoted) and must be one of \
            \(SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))
            """
        case .algorithmNeedsKeyFile(let algorithm):
            """
            --algorithm \(algorithm.rawValue) needs a private key: name its file with --key-file \
            (martlet keys generate makes one)
            """
        case .emptyAudience:
            "--audience must not be empty"
        case .malformedClaim(let text):
            "--claim is \(text.quoted) and must be NAME=JSON"
        case .claimNotJSON(let name, let error):
            """
            the value of --claim \(name.quoted) is not JSON: \(error); a text needs quotation \
            marks of its own, as in --claim '\(name)="text"'
            """
        case .claimTwice(let name):
            "--claim names \(name.quoted) twice"
        }
    }

    private static var roles: String {
        TokenCommand.RoleName.allCases.map(\.rawValue).joined(separator: ", ")
    }
}
