/// One thing that an examination found.
package struct Finding: Hashable, Sendable {
    /// The steps of a client, in their order.
    package enum Step: String, Hashable, Sendable, CaseIterable {
        case challenge
        case metadata
        case issuer
        case keySet = "key set"
        case token
        case modernTools = "tools/list"
        case legacyTools = "tools/list (legacy)"
    }

    package enum Grade: Hashable, Sendable {
        case good
        /// Clients get by.
        case doubtful
        /// Clients do not; what to do about it.
        case wrong(remedy: String)
    }

    package let step: Step
    package let grade: Grade
    package let text: String

    private init(_ step: Step, _ grade: Grade, _ text: String) {
        self.step = step
        self.grade = grade
        self.text = text.withoutControls
    }

    package static func good(_ step: Step, _ text: String) -> Finding {
        Finding(step, .good, text)
    }

    package static func doubtful(_ step: Step, _ text: String) -> Finding {
        Finding(step, .doubtful, text)
    }

    package static func wrong(_ step: Step, _ text: String, remedy: String) -> Finding {
        Finding(step, .wrong(remedy: remedy), text)
    }

    package static func wrong(_ step: Step, _ url: String, _ error: NoAnswer) -> Finding {
        Finding(step, .wrong(remedy: error.remedy), "no answer from \(url): \(error)")
    }

    package var isWrong: Bool {
        if case .wrong = grade { return true }
        return false
    }
}

extension Finding: CustomStringConvertible {
    /// One line.
    package var description: String {
        switch grade {
        case .good: "ok    \(step.rawValue): \(text)"
        case .doubtful: "warn  \(step.rawValue): \(text)"
        case .wrong(let remedy): "FAIL  \(step.rawValue): \(text); \(remedy)"
        }
    }
}

extension String {
    /// In one line that a terminal shows and does not obey: much of it comes from servers.
    fileprivate var withoutControls: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map {
                    switch $0.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: "?"
                    default: $0
                    }
                }
            )
        )
    }
}
