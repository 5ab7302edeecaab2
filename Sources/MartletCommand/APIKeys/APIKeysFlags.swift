import ArgumentParser
import Foundation
import Martlet

/// Which file of API keys a command is about: the one of the server with the same settings.
struct APIKeysFlags: ParsableArguments {
    @Option(help: ArgumentHelp("JSON file with settings.", valueName: "file"))
    var config: String?

    @Option(.apiKeysFile, "The file of API keys", "file")
    var apiKeysFile: String?

    /// - Throws: A status, after the mistakes have been printed.
    func file() throws -> APIKeyFile {
        let environment = ProcessInfo.processInfo.environment
        let variable = environment[PlaceFlags.configVariable].flatMap { $0.isEmpty ? nil : $0 }
        var flags: [Setting: [String]] = [:]
        flags.add(.apiKeysFile, apiKeysFile)
        var settings = SettingsReader(
            flags: flags,
            environment: environment,
            file: (config ?? variable).map { SettingsFile(path: $0) }
        )
        let path = settings.text(.apiKeysFile)?.text
        if path == nil { settings.report(.accessList(.noAPIKeysFile)) }
        try CommandFailure.check(settings.mistakes)
        return APIKeyFile(path: path ?? "")
    }
}
