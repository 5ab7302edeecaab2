import JSON
import JWT

/// A file with a private key that a token is signed with: a JWK Set, a JWK or PEM.
package struct TokenKeyFile: Sendable {
    package let file: KeyFile

    package init(path: String) {
        file = KeyFile(path: path)
    }

    /// The key.
    ///
    /// - Parameter algorithm: Which key of several, or what a key without a word on it signs with.
    /// - Returns: A private key or a secret.
    /// - Throws: ``SigningKeyFileError``
    package func read(
        _ algorithm: SignatureAlgorithm?
    ) throws(SigningKeyFileError) -> SigningKey {
        let text: String
        do throws(KeyFileError) {
            text = try file.readText()
        } catch {
            throw .file(error)
        }
        do throws(SigningKeySetError) {
            guard text.drop(while: \.isWhitespace).first == "{" else {
                return try Self.key { () throws(KeyError) in
                    try SigningKey(pem: text, algorithm: algorithm)
                }
            }
            guard try !Self.isSet(text) else {
                return try SigningKeySet(parsing: text).signingKey(algorithm)
            }
            return try Self.key { () throws(KeyError) in
                try SigningKey(jwk: text.utf8.span, algorithms: algorithm.map { [$0] } ?? [])
            }
        } catch {
            throw .keys(path: file.path, error)
        }
    }

    private static func isSet(_ text: String) throws(SigningKeySetError) -> Bool {
        do throws(JSONError) {
            return try JSONValue(parsing: Array(text.utf8))["keys"] != nil
        } catch {
            throw .notJSON(error)
        }
    }

    private static func key(
        _ body: () throws(KeyError) -> SigningKey
    ) throws(SigningKeySetError) -> SigningKey {
        do throws(KeyError) {
            return try body()
        } catch {
            throw .unusable(index: 0, keyID: nil, error)
        }
    }
}
