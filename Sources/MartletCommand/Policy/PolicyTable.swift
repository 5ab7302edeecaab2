import AccessControl
import JSON
import JWT

/// A table of decisions that a policy is expected to make.
package struct PolicyTable: Sendable {
    /// One row: who asks for what, and what comes of it.
    package struct Case: Sendable {
        /// What messages call it.
        package let name: String
        package let claims: ClaimsSetBuilder
        package let operation: ProtectedOperation

        /// An object.
        package let arguments: RawJSON
        package let expected: Expectation
    }

    package enum Expectation: Hashable, Sendable {
        case allowed
        case forbidden

        /// `scope` is what the challenge must name, in any order; `nil` if that does not matter.
        case insufficientScope(Set<String>?)
    }

    /// Rows, at most.
    package static let caseCountMax = 10_000
    package static let byteCountMax = 4_194_304

    package let cases: [Case]
    package let mistakes: [PolicyTableMistake]

    /// - Parameters:
    ///   - content: The bytes of the file.
    ///   - path: How messages call it.
    package init(content: [UInt8], path: String) {
        guard content.count <= Self.byteCountMax else {
            cases = []
            mistakes = [
                PolicyTableMistake(path: path, .tooLong(byteCountMax: Self.byteCountMax))
            ]
            return
        }
        var reader = PolicyTableReader(path: path)
        var json = JSONReader(content.span)
        do throws(JSONError) {
            try reader.read(&json)
            try json.finish()
        } catch {
            reader.report(.malformed(error))
        }
        cases = reader.cases
        mistakes = reader.mistakes
    }
}

extension PolicyTable.Expectation {
    func isMet(by outcome: AccessOutcome) -> Bool {
        switch (self, outcome) {
        case (.allowed, .allowed), (.forbidden, .forbidden),
            (.insufficientScope(nil), .insufficientScope):
            true
        case (.insufficientScope(let wanted), .insufficientScope(let scope)):
            wanted == Set(scope.split(separator: " ").map(String.init))
        default:
            false
        }
    }
}

extension PolicyTable.Expectation: CustomStringConvertible {
    package var description: String {
        switch self {
        case .allowed: "allowed"
        case .forbidden: "forbidden"
        case .insufficientScope(nil): "insufficient_scope"
        case .insufficientScope(.some(let scope)):
            "insufficient_scope (\(scope.sorted().joined(separator: " ")))"
        }
    }
}

/// Something wrong with a table of expected decisions.
package struct PolicyTableMistake: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        case tooLong(byteCountMax: Int)
        case malformed(JSONError)
        case tooManyCases(countMax: Int)
        case unknownMember(String, similar: String?)
        case repeatedMember(String)
        case missingMember(String)
        case wrongKind(member: String, JSONKind, expected: String)
        case notAnExpectation(String)
        /// A claim is given twice, once under a name of its own.
        case claimTwice(String)
        case toolAndMethod
        /// Only `insufficient_scope` names one.
        case scopeNotExpected
    }

    package let path: String

    /// Of the case, counted from 1; `nil` if it is the table as a whole.
    package let caseNumber: Int?
    package let reason: Reason

    init(path: String, caseNumber: Int? = nil, _ reason: Reason) {
        self.path = path
        self.caseNumber = caseNumber
        self.reason = reason
    }
}

extension PolicyTableMistake: CustomStringConvertible {
    package var description: String {
        caseNumber.map { "\(path) case \($0): \(reason)" } ?? "\(path): \(reason)"
    }
}

extension PolicyTableMistake.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLong(let byteCountMax): "a table has at most \(byteCountMax) bytes"
        case .malformed(let error): "not one JSON object: \(error)"
        case .tooManyCases(let countMax): "a table has at most \(countMax) cases"
        case .unknownMember(let name, .some(let similar)):
            "\(name.quoted) does not exist here; did you mean \(similar.quoted)?"
        case .unknownMember(let name, .none): "\(name.quoted) does not exist here; remove it"
        case .repeatedMember(let name): "\(name.quoted) stands here twice; remove one"
        case .missingMember(let name): "\(name.quoted) is missing"
        case .wrongKind(let member, let found, let expected):
            "\(member.quoted) must be \(expected), and is \(found)"
        case .notAnExpectation(let text):
            "\(text.quoted) must be \"allowed\", \"insufficient_scope\" or \"forbidden\""
        case .claimTwice(let name): "the claim \(name.quoted) is given twice; remove one"
        case .toolAndMethod: "either \"tool\" or \"method\" is needed"
        case .scopeNotExpected: "\"needs\" goes with \"insufficient_scope\" only"
        }
    }
}
