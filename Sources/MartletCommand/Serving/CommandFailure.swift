import ArgumentParser
import Foundation
import Libuv
import Martlet

/// How a command ends that cannot do its work: a line for each reason on standard error, and a
/// status for scripts.
enum CommandFailure {
    /// The configuration is wrong (`EX_CONFIG` of sysexits(3)).
    static let configurationStatus = ExitCode(78)

    /// Prints every mistake.
    ///
    /// - Throws: ``configurationStatus`` if there is any.
    static func check(_ mistakes: [SettingMistake]) throws {
        guard !mistakes.isEmpty else { return }
        for mistake in mistakes { print("\(mistake)") }
        throw configurationStatus
    }

    /// The status that `error` ends the command with, after it has been printed with its remedy.
    static func status(of error: any Error) -> ExitCode {
        switch error {
        case let error as ExitCode:
            return error
        case let error as ConfigurationError:
            print("\(error)")
            return configurationStatus
        case let error as StdioError:
            print("\(error)\(remedy(error))")
        case let error as LibuvError:
            print("\(error)\(remedy(error))")
        default:
            print("\(error)")
        }
        return .failure
    }

    private static func remedy(_ error: StdioError) -> String {
        switch error {
        case .unknownRole: ""
        case .noAPIKeys: "; name it with --api-keys-file"
        case .apiKey:
            "; `martlet apikey list` shows those that are, and \(StdioCommand.apiKeyVariable) holds it"
        case .malformedToken, .token, .workspace, .revokedToken:
            "; `martlet token inspect` tells more about the token in \(StdioCommand.tokenVariable)"
        }
    }

    private static func remedy(_ error: LibuvError) -> String {
        switch error.name {
        case "EADDRINUSE":
            "; another server is running there: stop it, or choose another port with --port"
        case "EADDRNOTAVAIL":
            "; this machine has no such address: choose another with --listen"
        case "EACCES":
            "; ports below 1024 and some directories need a privilege: choose another with --listen"
        case "EINVAL" where error.operation.contains("which was passed"):
            "; the service manager must pass sockets that listen (ListenStream=, Accept=no)"
        case "EMFILE", "ENFILE":
            "; raise the limit on open files (ulimit -Hn), or serve with fewer --loops"
        default: ""
        }
    }

    private static func print(_ line: String) {
        let oneLine = line.replacing("\n", with: " ")
        FileHandle.standardError.write(Data("martlet: \(oneLine)\n".utf8))
    }
}
