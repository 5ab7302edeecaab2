import Martlet

/// A file that says who is let in and cannot be used, or is not named.
package enum AccessListMistake: Hashable, Sendable {
    case file(AccessFileError)
    case noAPIKeysFile
}

extension AccessListMistake: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .noAPIKeysFile:
            """
            no file of API keys is named; name the one of the server with \
            --\(Setting.apiKeysFile.rawValue), \(Setting.apiKeysFile.environmentName) or --config
            """
        }
    }
}
