public import JSON

/// Why API keys cannot be what a file or a command says they are.
public enum APIKeySetError: Error, Hashable, Sendable {
    /// The members of an entry of the file.
    public enum Member: String, CaseIterable, Hashable, Sendable {
        case id, name, roles, permissions, workspace, created, expires, salt, hash
    }

    case notJSON(JSONError)
    /// No object with one member, `keys`.
    case otherMember
    /// Keys are counted from 1.
    case unknownMember(key: Int)
    case repeatedMember(key: Int)
    case missingMember(Member, key: Int)
    case malformedMember(Member, key: Int)
    case tooMany(countMax: Int)
    case nameTaken(String)
    case idTaken(String)
}

extension APIKeySetError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notJSON(let error): "not what martlet apikey writes: \(error)"
        case .otherMember: "keys must be the only member of the object"
        case .unknownMember(let key): "key \(key) has a member that does not exist"
        case .repeatedMember(let key): "key \(key) has a member twice"
        case .missingMember(let member, let key): "key \(key) has no \(member.rawValue)"
        case .malformedMember(let member, let key):
            "key \(key) has a \(member.rawValue) that is not what it must be"
        case .tooMany(let countMax): "there can be \(countMax) API keys at most"
        case .nameTaken(let name): "there is an API key called \(name)"
        case .idTaken(let id): "there is an API key with the id \(id)"
        }
    }
}
