import ArgumentParser
import Libuv
import Todos
import TodosSQLite

/// Brings the to-dos of an archive into a database.
package struct ImportCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring the to-dos of an archive into a database.",
        discussion: """
            To-dos keep their ids, and all else that `martlet export` has written of them. What is \
            there already is passed over, so that an import which was interrupted is simply begun \
            again. It stops at the first line that cannot be imported, and at the first to-do that \
            was changed or deleted since; what came before stays.
            """
    )

    @OptionGroup(title: "Database")
    var archive: ArchiveFlags

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where from (default: standard input).", valueName: "file")
    )
    var input: String?

    @Flag(help: "Leave what was changed or deleted since as it is.")
    var keepExisting = false

    @Flag(
        help: """
            Add all to-dos under the next ids; takes lists of another origin as well, which need a \
            workspace and a title on each line.
            """
    )
    var newIds = false

    @Flag(help: "Leave out lines that cannot be imported, tell each, and end with 1.")
    var skipInvalid = false

    package init() {}

    package func validate() throws {
        if keepExisting, newIds {
            throw ValidationError("--keep-existing and --new-ids exclude each other; remove one")
        }
    }

    package func run() async throws {
        do {
            let places = try archive.places()
            let source = try source()
            if case .sqlite(let file) = places.database, file.path == places.state.databasePath {
                try places.state.make()
            }
            let database = try await ArchiveDatabase.open(
                places.database,
                mustExist: false,
                report: { ArchiveProgress.say($0) }
            )
            do {
                try await bring(source, into: database.store)
            } catch {
                await database.close()
                throw error
            }
            await database.close()
        } catch {
            throw CommandFailure.status(of: error)
        }
    }

    private func source() throws(ArchiveUnreadable) -> ArchiveSource {
        guard let input, input != "-" else { return .standardInput() }
        return try .file(at: input)
    }

    private var options: ArchiveImport.Options {
        ArchiveImport.Options(
            identity: newIds ? .new : .kept(whenTaken: keepExisting ? .leave : .refuse),
            workspace: archive.workspace,
            skipsInvalid: skipInvalid
        )
    }

    private func bring(_ source: ArchiveSource, into store: any TodoArchive) async throws {
        var progress = ArchiveProgress("imported")
        var work = ArchiveImport(
            source,
            into: store,
            options,
            now: WallClock.secondsSinceEpoch()
        )
        do throws(ArchiveImportError) {
            try await work.run { lineNumber, error in
                progress.say("line \(lineNumber) is left out: \(error)")
            } didWrite: { work in
                progress.show(todoCount: work.tally.todoCount, fraction: work.fraction)
            }
        } catch {
            progress.say("\(error)")
            progress.say("\(work.tally); begun again, the same import goes on from there")
            throw ExitCode.failure
        }
        progress.say("\(work.tally)")
        if work.tally.invalidLineCount > 0 { throw ExitCode.failure }
    }
}

extension ArchiveImport.Tally: CustomStringConvertible {
    var description: String {
        let todos = ArchiveProgress.counted(todoCount, "to-do")
        var text = "imported \(todos): \(restored.addedCount) added"
        if restored.presentCount > 0 { text += ", \(restored.presentCount) there already" }
        if restored.leftCount > 0 { text += ", \(restored.leftCount) left as they are" }
        if invalidLineCount > 0 {
            text += "; \(ArchiveProgress.counted(invalidLineCount, "line")) left out"
        }
        return text
    }
}
