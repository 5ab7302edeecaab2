/// A Bearer challenge (RFC 9110 §11.6.1, RFC 6750 §3).
package struct BearerChallenge: Hashable, Sendable {
    /// By names in lower case.
    package let parameters: [String: String]

    package var resourceMetadata: String? { parameters["resource_metadata"] }
    package var error: String? { parameters["error"] }
    package var errorDescription: String? { parameters["error_description"] }
    package var scope: String? { parameters["scope"] }

    /// The first Bearer challenge in a `WWW-Authenticate` value, which may hold several challenges.
    ///
    ///     challenge  = auth-scheme [ 1*SP ( token68 / #auth-param ) ]
    ///     auth-param = token BWS "=" BWS ( token / quoted-string )
    ///
    /// - Returns: `nil` if there is none.
    package init?(_ value: String) {
        var scanner = Scanner(value)
        var parameters: [String: String] = [:]
        var isInBearer = false
        var isFound = false
        while let word = scanner.nextWord() {
            if let text = scanner.nextValue() {
                // The first of two counts: a second one is nobody's intention.
                if isInBearer, parameters[word.lowercased()] == nil {
                    parameters[word.lowercased()] = text
                }
            } else {
                guard !isFound || !isInBearer else { break }
                isInBearer = word.lowercased() == "bearer"
                isFound = isFound || isInBearer
            }
        }
        guard isFound else { return nil }
        self.parameters = parameters
    }

    /// Words, and values behind an equals sign.
    private struct Scanner {
        private let characters: [Character]
        private var index = 0

        init(_ text: String) {
            characters = Array(text)
        }

        /// The next word; what stands nowhere in the grammar is stepped over.
        mutating func nextWord() -> String? {
            while index < characters.count {
                skip { $0 == " " || $0 == "\t" || $0 == "," }
                let word = take { !" \t,=\"".contains($0) }
                if !word.isEmpty { return word }
                index = min(index + 1, characters.count)
            }
            return nil
        }

        /// The value, if an equals sign is next.
        mutating func nextValue() -> String? {
            let start = index
            skip { $0 == " " || $0 == "\t" }
            guard index < characters.count, characters[index] == "=" else {
                index = start
                return nil
            }
            index += 1
            skip { $0 == " " || $0 == "\t" }
            guard index < characters.count, characters[index] == "\"" else {
                return take { !" \t,".contains($0) }
            }
            index += 1
            var text = ""
            while index < characters.count, characters[index] != "\"" {
                if characters[index] == "\\", index + 1 < characters.count { index += 1 }
                text.append(characters[index])
                index += 1
            }
            index = min(index + 1, characters.count)
            return text
        }

        private mutating func skip(while predicate: (Character) -> Bool) {
            _ = take(while: predicate)
        }

        private mutating func take(while predicate: (Character) -> Bool) -> String {
            let start = index
            while index < characters.count, predicate(characters[index]) { index += 1 }
            return String(characters[start..<index])
        }
    }
}
