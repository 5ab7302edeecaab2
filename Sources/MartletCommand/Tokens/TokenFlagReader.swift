import AccessControl
import JSON
import JWT

/// What the flags of `martlet token` say, checked; all that is wrong with them is told at once.
package struct TokenFlagReader {
    package private(set) var mistakes: [TokenFlagMistake] = []

    package init() {}

    /// The role, which is optional where a claim takes its place.
    package mutating func role(_ text: String?, isOptional: Bool) -> String? {
        guard let text else {
            if !isOptional { mistakes.append(.noRole) }
            return nil
        }
        guard TokenCommand.RoleName(rawValue: text) != nil else {
            mistakes.append(.unknownRole(text))
            return nil
        }
        return text
    }

    package mutating func subject(_ text: String?) -> String? {
        guard let text else { return nil }
        let isPrintable = text.unicodeScalars.allSatisfy {
            $0.properties.generalCategory != .control
        }
        guard isPrintable, (1...255).contains(text.utf8.count) else {
            mistakes.append(.malformedSubject)
            return nil
        }
        return text
    }

    package mutating func workspace(_ text: String?) -> Workspace? {
        guard let text else { return nil }
        let workspace = Workspace(text)
        if workspace == nil { mistakes.append(.malformedWorkspace) }
        return workspace
    }

    package mutating func seconds(_ text: String?) -> Int64? {
        guard let text else { return nil }
        let seconds = TimeSpan.seconds(text)
        if seconds == nil { mistakes.append(.malformedTime(text)) }
        return seconds
    }

    package mutating func type(_ text: String?) -> TokenSigner.TokenType {
        guard let text else { return .jwt }
        let types = [TokenSigner.TokenType.jwt, .accessToken]
        guard let type = types.first(where: { $0.rawValue.lowercased() == text.lowercased() })
        else {
            mistakes.append(.unknownType(text))
            return .jwt
        }
        return type
    }

    /// The algorithm, which is that of a secret unless a private key is named.
    package mutating func algorithm(_ text: String?, hasKeyFile: Bool) -> SignatureAlgorithm? {
        guard let text else { return nil }
        guard let algorithm = SignatureAlgorithm(name: text) else {
            mistakes.append(.unknownAlgorithm(text))
            return nil
        }
        if !hasKeyFile, !algorithm.isSymmetric {
            mistakes.append(.algorithmNeedsKeyFile(algorithm))
        }
        return algorithm
    }

    package mutating func audiences(_ texts: [String]) -> [String] {
        if texts.contains("") { mistakes.append(.emptyAudience) }
        return texts
    }

    /// `NAME=JSON`, each name once.
    package mutating func claims(_ texts: [String]) -> [(name: ClaimName, value: RawJSON)] {
        var claims: [(name: ClaimName, value: RawJSON)] = []
        for text in texts {
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                mistakes.append(.malformedClaim(text))
                continue
            }
            let name = String(text[..<equals])
            guard !claims.contains(where: { $0.name.text == name }) else {
                mistakes.append(.claimTwice(name: name))
                continue
            }
            do throws(JSONError) {
                let value = try RawJSON(parsing: String(text[text.index(after: equals)...]))
                claims.append((ClaimName(name), value))
            } catch {
                mistakes.append(.claimNotJSON(name: name, error))
            }
        }
        return claims
    }
}
