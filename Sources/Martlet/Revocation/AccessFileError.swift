public import Libuv

/// Why a file that says who is let in cannot be used.
public struct AccessFileError: Error, Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case denyList, apiKeys
    }

    public enum Reason: Hashable, Sendable {
        case unreadable(FileError)
        case denyList(DenyListError)
        case apiKeys(APIKeySetError)
        /// Anybody could take entries out.
        case writableByOthers(permissions: UInt32)
        /// Others than the owner have some access, where nobody else should have any.
        case openToOthers(permissions: UInt32)
    }

    public let kind: Kind
    public let path: String
    public let reason: Reason

    package init(_ kind: Kind, path: String, _ reason: Reason) {
        self.kind = kind
        self.path = path
        self.reason = reason
    }

    /// Whether there is no such file.
    var isAbsence: Bool {
        guard case .unreadable(.system(let error)) = reason else { return false }
        return error.name == "ENOENT"
    }
}

extension AccessFileError: CustomStringConvertible {
    public var description: String {
        switch reason {
        case .unreadable where isAbsence:
            "cannot use \(kind) \(path): there is no such file; make it with: \(kind.making(path))"
        case .unreadable(let error): "cannot use \(kind): \(error)"
        case .denyList(let error): "cannot use \(kind) \(path): \(error); mend that line"
        case .apiKeys(let error):
            "cannot use \(kind) \(path): \(error); let only martlet apikey write it"
        case .writableByOthers(let permissions):
            """
            cannot use \(kind) \(path): everybody may write to it \
            (mode \(String(permissions, radix: 8))); forbid it with: chmod o-w \(path)
            """
        case .openToOthers(let permissions):
            """
            cannot use \(kind) \(path): other users have access to it \
            (mode \(String(permissions, radix: 8))); forbid it with: chmod 600 \(path)
            """
        }
    }
}

extension AccessFileError.Kind: CustomStringConvertible {
    public var description: String {
        switch self {
        case .denyList: "the deny list"
        case .apiKeys: "the API keys"
        }
    }

    /// A command that makes a file where there is none.
    fileprivate func making(_ path: String) -> String {
        switch self {
        case .denyList: "touch \(path)"
        case .apiKeys: "martlet apikey create --name NAME --role ROLE --api-keys-file \(path)"
        }
    }
}
