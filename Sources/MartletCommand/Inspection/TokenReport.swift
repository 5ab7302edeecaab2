import AccessControl
import JWT
import Martlet

/// Everything about a token that helps to find out what a server makes of it, and why.
///
/// Shows what is in it, which may be private, and neither the token nor its signature: the report
/// can be passed on without passing on the right to use the token.
package struct TokenReport: Hashable, Sendable {
    package private(set) var lines: [String] = []

    /// Whether a server would believe the token and know its bearer.
    package private(set) var isAccepted = false

    private let faults: [TokenFault]

    private static let indent = "    "

    /// - Parameters:
    ///   - text: The token as it was pasted.
    ///   - anatomy: The same, taken apart.
    ///   - now: When it is looked at.
    package init(_ text: TokenText, _ anatomy: TokenAnatomy, now: NumericDate) {
        lines = text.remarks.map { "note: \($0)" }
        let listing = TokenListing(now: now)
        if let header = anatomy.header { lines += ["JOSE header"] + listing.lines(header) }
        if let claims = anatomy.claims { lines += ["claims set"] + listing.lines(claims) }
        faults = anatomy.faults
    }

    /// Adds what is wrong whatever the settings of the server are.
    package mutating func addFaults() {
        guard !faults.isEmpty else { return }
        lines += ["faults"] + faults.map { "\(Self.indent)\($0)" }
    }

    /// Adds what a server with certain settings makes of it.
    ///
    /// - Parameters:
    ///   - judgement: Every check.
    ///   - verdict: What the token comes to.
    ///   - trial: What came to that verdict.
    package mutating func add(
        _ judgement: TokenJudgement,
        _ verdict: PolicyTrial.Verdict,
        of trial: PolicyTrial
    ) {
        lines.append("checks")
        lines += judgement.checks.map { "\(Self.indent)\($0)" }
        switch verdict {
        case .caller(let caller):
            isAccepted = caller.isSignatureChecked
            lines.append(
                caller.isSignatureChecked ? "bearer" : "bearer, if the signature verifies"
            )
            lines += BearerListing(caller, trial).lines.map { "\(Self.indent)\($0)" }
            lines.append(
                caller.isSignatureChecked
                    ? "accepted"
                    : """
                    not decided: the keys of \(caller.subject.issuer.quoted) are elsewhere, and \
                    nothing is fetched here; give a file with them with --key-set
                    """
            )
        case .withoutWorkspace(let refusal):
            lines.append("refused with 403: the token verifies, but \(refusal)")
        case .rejected(let rejection):
            let answer = trial.answer(to: rejection)
            lines.append("refused with \(answer.statusCode): \(rejection)")
        }
    }
}
