/// One question that decides over a token, and its answer.
///
/// A verifier stops at the first that goes wrong; a person who debugs wants all of them.
package struct TokenCheck: Hashable, Sendable {
    package enum Subject: String, Hashable, Sendable {
        case form
        case algorithm
        case type
        case issuer
        case key
        case signature
        case audience
        case subject
        case time
        /// Others, such as those that an access token must have (RFC 9068 §2.2).
        case claims
    }

    package enum Outcome: Hashable, Sendable {
        case passed
        case failed
        /// What would decide it is not known here.
        case open
    }

    package let subject: Subject
    package let outcome: Outcome
    package let text: String

    package init(_ subject: Subject, _ outcome: Outcome, _ text: String) {
        self.subject = subject
        self.outcome = outcome
        self.text = text
    }
}

extension TokenCheck: CustomStringConvertible {
    /// One line.
    package var description: String {
        let mark =
            switch outcome {
            case .passed: "ok  "
            case .failed: "FAIL"
            case .open: "??  "
            }
        return "\(mark)  \(subject.rawValue): \(text)"
    }
}
