import ArgumentParser
import JWT
import Libuv

/// Prints what others may know of the keys.
package struct KeysExportCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print the public JWK Set, for whoever verifies the tokens."
    )

    @Option(
        help: ArgumentHelp("The file (default: that in the state directory).", valueName: "file")
    )
    var file: String?

    @OptionGroup(title: "Settings")
    var place: KeyPlaceFlags

    package init() {}

    package func run() throws {
        do {
            let file = try place.signingKeyFile(file)
            let keys = try SigningKeyFile(file).read()
            let now = NumericDate(seconds: WallClock.secondsSinceEpoch())
            let set: JSONValue
            do throws(SigningKeySetError) {
                set = try keys.exported(now: now)
            } catch {
                throw SigningKeyFileError.keys(path: file.path, error)
            }
            try OutputDescriptor.standardOutput.write("\(set.compactText)\n".utf8.span)
        } catch {
            throw CommandFailure.status(of: error)
        }
    }
}
