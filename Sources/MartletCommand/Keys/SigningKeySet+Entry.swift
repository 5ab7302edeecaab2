import Bytes
import JSON
import JWT

extension SigningKeySet.Entry {
    private static let endMember = "exp"

    init(_ key: SigningKey) {
        algorithm = key.algorithm
        keyID = key.keyID
        endsAt = nil
        jwk = Self.value(key.jwk)
    }

    /// - Parameters:
    ///   - jwk: As it stands in the file.
    ///   - index: Where it stands.
    /// - Throws: ``SigningKeySetError`` if it cannot be used for what it stands there for.
    init(_ jwk: JSONValue, index: Int) throws(SigningKeySetError) {
        self.jwk = jwk
        let name = jwk["kid"]?.string
        let json = jwk.compact
        if let end = jwk[Self.endMember] {
            guard let date = end.date else { throw .malformedEnd(index: index, keyID: name) }
            endsAt = date
            do throws(KeyError) {
                let algorithms = SignatureAlgorithm(name: jwk["alg"]?.string ?? "").map { [$0] }
                let key = try KeyMaterial(jwk: json.span, algorithms: algorithms ?? [])
                (algorithm, keyID) = (key.algorithm, key.keyID)
            } catch {
                throw .unusable(index: index, keyID: name, error)
            }
        } else {
            endsAt = nil
            let key = try Self.privateKey(json, index: index, keyID: name)
            (algorithm, keyID) = (key.algorithm, key.keyID)
        }
    }

    /// The key to sign with.
    func privateKey(index: Int) throws(SigningKeySetError) -> SigningKey {
        try Self.privateKey(jwk.compact, index: index, keyID: keyID)
    }

    /// The same key as it verifies and no longer signs: without its private half, if it has one.
    func ending(
        at end: NumericDate,
        index: Int
    ) throws(SigningKeySetError) -> SigningKeySet.Entry {
        let remaining = algorithm.isSymmetric ? jwk : try publicJWK(index: index)
        let members = remaining.members.filter { $0.name != Self.endMember }
        let ended = JSONValue.Member(Self.endMember, .number("\(end.seconds)"))
        return try SigningKeySet.Entry(.object(members + [ended]), index: index)
    }

    /// What others may see.
    func publicJWK(index: Int) throws(SigningKeySetError) -> JSONValue {
        let key: KeyMaterial
        do throws(KeyError) {
            key = try KeyMaterial(jwk: jwk.compact.span, algorithms: [algorithm])
        } catch {
            throw .unusable(index: index, keyID: keyID, error)
        }
        // Written anew from the numbers of the public half, so that nothing else is shown.
        guard let json = key.publicJWK else { throw .symmetric(index: index, keyID: keyID) }
        var members = Self.value(json).members
        if key.keyID == nil, let keyID {
            members.append(JSONValue.Member("kid", .string(keyID)))
        }
        if let endsAt {
            members.append(JSONValue.Member(Self.endMember, .number("\(endsAt.seconds)")))
        }
        return .object(members)
    }

    private static func privateKey(
        _ json: RawJSON,
        index: Int,
        keyID: String?
    ) throws(SigningKeySetError) -> SigningKey {
        do throws(KeyError) {
            return try SigningKey(jwk: json.span)
        } catch {
            throw .unusable(index: index, keyID: keyID, error)
        }
    }

    private static func value(_ json: RawJSON) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: json.bytes.bytes)
        } catch {
            preconditionFailure("a key was written that is not JSON: \(error)")
        }
    }
}

extension SigningKeySet.Entry: CustomStringConvertible, CustomReflectable {
    package var description: String {
        "\(algorithm.rawValue) key \(keyID.map(\.quoted) ?? "without kid")"
    }

    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
