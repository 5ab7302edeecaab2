import ArgumentParser
import JWT

/// Makes private keys.
package struct KeysGenerateCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Make private keys in a new file."
    )

    @Option(
        help: ArgumentHelp(
            "What it signs with, such as ES256, EdDSA or RS256 (repeatable; default: ES256).",
            valueName: "name"
        )
    )
    var algorithm: [String] = []

    @Option(
        help: ArgumentHelp("Where to put it (default: in the state directory).", valueName: "file")
    )
    var output: String?

    @Option(help: ArgumentHelp("What tokens call it (default: its thumbprint).", valueName: "name"))
    var kid: String?

    @Option(help: ArgumentHelp("Length of an RSA key (default: 2048).", valueName: "N"))
    var bits: Int?

    @OptionGroup(title: "Settings")
    var place: KeyPlaceFlags

    package init() {}

    package func validate() throws {
        do {
            _ = try recipe()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    package func run() throws {
        do {
            if output == nil { try place.state().make() }
            let file = try place.signingKeyFile(output)
            let keys = SigningKeySet(try recipe().make())
            try SigningKeyFile(file).create(keys)
            for entry in keys.entries { print("made \(entry) in \(file.path)") }
        } catch {
            throw CommandFailure.status(of: error)
        }
    }

    private func recipe() throws(KeyRecipeMistakes) -> KeyRecipe {
        try KeyRecipe(
            algorithms: algorithm.isEmpty ? [SignatureAlgorithm.es256.rawValue] : algorithm,
            keyID: kid,
            modulusBitCount: bits
        )
    }
}
