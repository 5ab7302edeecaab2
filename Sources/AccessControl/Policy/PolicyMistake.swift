/// What is wrong with a policy document, and where.
public struct PolicyMistake: Error, Hashable, Sendable {
    public let reason: AccessPolicyError
    public let place: PolicyPlace

    public init(_ reason: AccessPolicyError, at place: PolicyPlace) {
        self.reason = reason
        self.place = place
    }
}

extension PolicyMistake: CustomStringConvertible {
    public var description: String {
        place.steps.isEmpty ? "\(reason)" : "\(place): \(reason)"
    }
}

/// All that is wrong with a policy document.
public struct PolicyMistakes: Error, Hashable, Sendable {
    /// In the order of the document; never empty.
    public let mistakes: [PolicyMistake]

    init(_ mistakes: [PolicyMistake]) {
        self.mistakes = mistakes
    }
}

extension PolicyMistakes: CustomStringConvertible {
    public var description: String { mistakes.map { "\($0)" }.joined(separator: "; ") }
}

/// Where something stands in a policy document, as its members and elements lead there.
public struct PolicyPlace: Hashable, Sendable {
    public enum Step: Hashable, Sendable {
        case member(String)
        case element(Int)
    }

    public let steps: [Step]

    public init(_ steps: [Step] = []) {
        self.steps = steps
    }

    public func member(_ name: String) -> PolicyPlace { PolicyPlace(steps + [.member(name)]) }

    public func element(_ index: Int) -> PolicyPlace { PolicyPlace(steps + [.element(index)]) }
}

extension PolicyPlace: CustomStringConvertible {
    /// `tools.delete_todo[0].when[1]`; a name that would be misread so is quoted.
    public var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .element(let index):
                text += "[\(index)]"
            case .member(let name) where name.isPlainName:
                text += text.isEmpty ? name : ".\(name)"
            case .member(let name):
                text += "[\(name.debugDescription)]"
            }
        }
        return text
    }
}

extension String {
    /// Letters, digits, `_`, `-` and `/`, so that it needs no quotation marks in a path.
    fileprivate var isPlainName: Bool {
        !isEmpty
            && utf8.allSatisfy {
                switch $0 {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2F, 0x5F: true
                default: false
                }
            }
    }
}
