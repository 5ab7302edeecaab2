import ArgumentParser
import Foundation

/// Where private keys are, where no flag names their file.
struct KeyPlaceFlags: ParsableArguments {
    @Option(help: ArgumentHelp("JSON file with settings.", valueName: "file"))
    var config: String?

    @Option(.stateDirectory, "Where keys are (default: .martlet)", "directory")
    var stateDirectory: String?

    /// All settings, of which the state directory is wanted.
    func reader() -> SettingsReader {
        var flags: [Setting: [String]] = [:]
        flags.add(.stateDirectory, stateDirectory)
        let environment = ProcessInfo.processInfo.environment
        let variable = environment[PlaceFlags.configVariable].flatMap { $0.isEmpty ? nil : $0 }
        return SettingsReader(
            flags: flags,
            environment: environment,
            file: (config ?? variable).map { SettingsFile(path: $0) }
        )
    }

    /// The state directory.
    ///
    /// - Throws: Status 78, after every mistake was printed.
    func state() throws -> StateDirectory {
        var settings = reader()
        let state = StateDirectory(
            path: settings.text(.stateDirectory)?.text ?? StateDirectory.pathDefault
        )
        try CommandFailure.check(settings.mistakes)
        return state
    }

    /// The file of private keys: the one that is named, or the one in the state directory.
    func signingKeyFile(_ path: String?) throws -> KeyFile {
        if let path { return KeyFile(path: path) }
        return try state().signingKeyFile
    }
}
