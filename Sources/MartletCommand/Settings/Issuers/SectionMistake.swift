import JSON
import JWT

/// Something wrong in a nested part of the configuration file, and where it stands there.
package struct SectionMistake: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        case otherType(found: JSONKind, expected: ValueForm)
        case unknownMember(name: String, similar: String?)
        case repeatedMember(name: String)
        case missing(ValueForm)
        case empty
        case notAChoice(text: String, choices: [String])
        /// A secret itself, where the name of a file must be.
        case secret
        case tooMany(countMax: Int)
        case malformedClaim
        case malformedURL(text: String)
        case malformedWorkspace(text: String)
        /// Neither a claim nor what its absence means leads to a workspace.
        case noWorkspace

        case noKeys
        case severalKeySources(names: [String])
        case discoveryWithoutURL(issuer: String)
        case duplicateIssuer(issuer: String, first: String)
        /// An algorithm that the keys cannot have.
        case algorithmOfOtherKeys(SignatureAlgorithm)
        case severalAlgorithmsForSecret
        /// A shared secret among keys that anybody can fetch.
        case secretAlgorithmOfPublishedKeys(SignatureAlgorithm)
        case secretTooShort(KeyError)
        case secretFile(KeyFileError)
        case keyFile(KeyDocumentError)
    }

    /// The configuration file.
    package let path: String

    /// The members that lead there: `issuers[1].workspace.claim`.
    package let place: String

    package let reason: Reason

    package init(path: String, place: String, _ reason: Reason) {
        self.path = path
        self.place = place
        self.reason = reason
    }
}

/// What a value in a nested part of the configuration file looks like.
package enum ValueForm: String, Hashable, Sendable {
    case text = "a string"
    case texts = "an array of strings"
    case toggle = "true or false"
    case object = "an object"
    case issuers = "an array of objects"
    case keyFiles = "an array of file names, or of objects with \"path\""
    case claim = "a claim such as \"realm_access.roles\", or an array of member names"
    case claims = "an array of claims such as \"realm_access.roles\""
    case names = "an object whose members are strings or arrays of strings"
    case workspaceNames = "\"any\", an array of names, or {\"prefix\": \"…\"}"
    case workspaceAbsence = "\"refuse\", \"own\", or {\"name\": \"…\"}"
}

extension SectionMistake: CustomStringConvertible {
    package var description: String { "\(path): \(place) \(reason)" }
}

extension SectionMistake.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .otherType(let found, let expected):
            "is \(found) and must be \(expected.rawValue)"
        case .unknownMember(let name, .some(let similar)):
            "has \(name.quoted), which does not exist; did you mean \"\(similar)\"?"
        case .unknownMember(let name, .none):
            "has \(name.quoted), which does not exist; remove it"
        case .repeatedMember(let name): "has \(name.quoted) twice; remove one"
        case .missing(let form): "is missing and must be \(form.rawValue)"
        case .empty: "is empty; give it a value or leave it out"
        case .notAChoice(let text, let choices):
            "is \(text.quoted) and must be one of \(choices.joined(separator: ", "))"
        case .secret:
            """
            is a secret, and too many can read a configuration file; put it into a file of its \
            own, named by "\(IssuerMember.secretFile.rawValue)"
            """
        case .tooMany(let countMax): "has more than \(countMax) elements"
        case .malformedClaim:
            "must be member names, none of them empty, with full stops between them, or an array"
        case .malformedURL(let text):
            "is \(text.quoted) and must be https://… (or http://… on this machine)"
        case .malformedWorkspace(let text):
            """
            is \(text.quoted) and must be visible ASCII characters, at most 128, the first of \
            which is no tilde
            """
        case .noWorkspace:
            """
            leads to no workspace, so that every token would be refused; name a claim with \
            "claim", or say with "absent" where tokens without one belong
            """
        default: keyDescription
        }
    }

    /// What is wrong with keys and what they belong to.
    private var keyDescription: String {
        switch self {
        case .noKeys:
            """
            has no keys; add "discovery": true (for an issuer that is a URL), or one of \
            \(IssuerMember.keySources.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))
            """
        case .severalKeySources(let names):
            """
            has \(names.map { "\"\($0)\"" }.joined(separator: " and ")), which exclude each \
            other; keep one
            """
        case .discoveryWithoutURL(let issuer):
            """
            is on, but the issuer \(issuer.quoted) is not https://… (or http://… on this \
            machine), so that nothing can be asked of it; give it keys of its own
            """
        case .duplicateIssuer(let issuer, let first):
            "is \(issuer.quoted), as is \(first); name every issuer once"
        case .algorithmOfOtherKeys(let algorithm):
            "has \(algorithm.rawValue), which no key of this issuer can be used with; remove it"
        case .severalAlgorithmsForSecret:
            "must be one algorithm of HS256, HS384, HS512: a secret is bound to exactly one"
        case .secretAlgorithmOfPublishedKeys(let algorithm):
            """
            has \(algorithm.rawValue), which works with a shared secret, and keys that are fetched \
            are nobody's secret; remove it
            """
        case .secretTooShort(let error):
            "holds \(error); make one with: openssl rand -base64 48"
        case .secretFile(let error): "names a file that is no use: \(error)"
        case .keyFile(let error): "names a file that is no use: \(error)"
        default: ""
        }
    }
}
