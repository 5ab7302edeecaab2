import ArgumentParser
import Martlet

/// Makes the key that audit logs are signed with, and prints what they are verified with.
package struct AuditKeyCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Print the public key of audit logs; make the key if there is none.",
        discussion: """
            Keep what is printed where nobody who can write to the logs can write: with it \
            `martlet audit verify --key` tells a log that was changed from one that was not.
            """
    )

    @Option(
        help: ArgumentHelp("The key file (default: in the state directory).", valueName: "file")
    )
    var file: String?

    @OptionGroup(title: "Settings")
    var place: KeyPlaceFlags

    package init() {}

    package func run() throws {
        do {
            let state = try place.state()
            if file == nil { try state.make() }
            let file = file.map { KeyFile(path: $0) } ?? state.auditKeyFile
            print("\(try AuditKey.readingOrMaking(file).publicHalf)")
        } catch {
            throw CommandFailure.status(of: error)
        }
    }
}
