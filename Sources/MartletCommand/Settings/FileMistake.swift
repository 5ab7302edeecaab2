import JSON

/// Something wrong with the configuration file itself.
package enum FileMistake: Hashable, Sendable {
    case unreadable(path: String, reason: String)
    case malformed(path: String, JSONError)
    case tooLong(path: String, byteCountMax: Int)
    case unknownMember(path: String, name: String, similar: String?)
    case repeatedMember(path: String, name: String)
    case memberOfOtherType(path: String, Setting, found: JSONKind)
    case secret(path: String, Setting)
}

extension FileMistake: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "cannot read the configuration file \(path): \(reason)"
        case .malformed(let path, let error):
            "the configuration file \(path) is not one JSON object: \(error)"
        case .tooLong(let path, let byteCountMax):
            "the configuration file \(path) has more than \(byteCountMax) bytes"
        case .unknownMember(let path, let name, .some(let similar)):
            "\(path) sets \(name.quoted), which does not exist; did you mean \"\(similar)\"?"
        case .unknownMember(let path, let name, .none):
            "\(path) sets \(name.quoted), which does not exist; remove it"
        case .repeatedMember(let path, let name):
            "\(path) sets \(name.quoted) twice; remove one"
        case .memberOfOtherType(let path, let setting, let found):
            "\(path) sets \"\(setting.rawValue)\" to \(found), which must be \(setting.jsonForm)"
        case .secret(let path, let setting):
            """
            \(path) holds "\(setting.rawValue)", and too many can read a configuration file; put \
            the secret into a file of its own, named by "\(Setting.jwtSecretFile.rawValue)"
            """
        }
    }
}

extension Setting {
    /// How the value is written in the configuration file.
    fileprivate var jsonForm: String {
        switch kind {
        case .text: "a string"
        case .list: "an array of strings"
        case .toggle: "true or false"
        case .number: "a number"
        }
    }
}
