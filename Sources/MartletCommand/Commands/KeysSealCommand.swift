import ArgumentParser
import Martlet

/// Makes a key that session ids are sealed with.
package struct KeysSealCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "seal",
        abstract: "Make the key that session ids are sealed with, for servers that share clients.",
        discussion: """
            A server on its own makes one for itself. Servers behind one URL are given the same \
            file with --seal-key-file. Sessions end with the key that sealed them.
            """
    )

    @Option(
        help: ArgumentHelp("Where to put it (default: in the state directory).", valueName: "file")
    )
    var output: String?

    @OptionGroup(title: "Settings")
    var place: KeyPlaceFlags

    package init() {}

    package func run() throws {
        do {
            let state = try place.state()
            if output == nil { try state.make() }
            let file = output.map { KeyFile(path: $0) } ?? state.sealKeyFile
            try file.make(byteCount: SealKey.byteCount)
            print("made a seal key in \(file.path)")
        } catch {
            throw CommandFailure.status(of: error)
        }
    }
}
