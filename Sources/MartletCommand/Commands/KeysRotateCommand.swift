import ArgumentParser
import JWT
import Libuv

/// Replaces private keys while tokens of the old ones are still about.
package struct KeysRotateCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Put new keys in front, and keep what the old ones need to verify.",
        discussion: """
            Each key that signs is replaced by one for the same algorithm, unless --algorithm says \
            otherwise. The old ones lose their private halves and verify until the overlap ends; \
            those whose overlap has ended are dropped. The overlap must be at least as long as \
            tokens are good.
            """
    )

    @Option(
        help: ArgumentHelp("The file (default: that in the state directory).", valueName: "file")
    )
    var file: String?

    @Option(help: ArgumentHelp("How long old keys verify (default: 24h).", valueName: "time"))
    var overlap = "24h"

    @Option(
        help: ArgumentHelp(
            "What the new key signs with (repeatable; default: as the old ones).",
            valueName: "name"
        )
    )
    var algorithm: [String] = []

    @Option(help: ArgumentHelp("What tokens call it (default: its thumbprint).", valueName: "name"))
    var kid: String?

    @Option(help: ArgumentHelp("Length of an RSA key (default: 2048).", valueName: "N"))
    var bits: Int?

    @OptionGroup(title: "Settings")
    var place: KeyPlaceFlags

    package init() {}

    package func validate() throws {
        var mistakes: [String] = []
        do throws(KeyRecipeMistakes) {
            _ = try recipe()
        } catch {
            mistakes.append("\(error)")
        }
        if TimeSpan.seconds(overlap) == nil {
            mistakes.append(
                """
                --overlap is \(overlap.quoted) and must be a time such as 3600, 90m, 24h or 7d, \
                of 1 second to 366 days
                """
            )
        }
        guard mistakes.isEmpty else {
            throw ValidationError(mistakes.joined(separator: "\n"))
        }
    }

    package func run() throws {
        guard let overlapSeconds = TimeSpan.seconds(overlap) else { return }
        do {
            let recipe = try recipe()
            let now = NumericDate(seconds: WallClock.secondsSinceEpoch())
            let rotation = try SigningKeyFile(try place.signingKeyFile(file)).rotate(
                overlapSeconds: overlapSeconds,
                now: now
            ) { old throws(KeyError) in
                try recipe.make(insteadFor: old.map(\.algorithm))
            }
            for line in rotation.lines(now: now) { print(line) }
        } catch {
            throw CommandFailure.status(of: error)
        }
    }

    private func recipe() throws(KeyRecipeMistakes) -> KeyRecipe {
        try KeyRecipe(algorithms: algorithm, keyID: kid, modulusBitCount: bits)
    }
}

extension SigningKeySet.Rotation {
    /// What was done, for a person.
    package func lines(now: NumericDate) -> [String] {
        added.map { "\($0) signs from now on" }
            + replaced.compactMap { entry in
                entry.endsAt.map { end in
                    let time = UTCTime(end)
                    return "\(entry) verifies until \(time.calendarText)"
                }
            } + dropped.map { "\($0) is dropped" }
    }
}
