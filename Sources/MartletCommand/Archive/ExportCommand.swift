import ArgumentParser
import Foundation
import Libuv
import Todos

/// Writes all to-dos into an archive.
package struct ExportCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the to-dos of all workspaces as JSON Lines.",
        discussion: """
            For a backup, or to move them into another database with `martlet import`. From \
            PostgreSQL what is written is one moment's state, and servers go on meanwhile; an \
            SQLite file is opened by one process at a time, so stop its server first. A file takes \
            its name once it is complete and on the disk.
            """
    )

    @OptionGroup(title: "Database")
    var archive: ArchiveFlags

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to (default: standard output).", valueName: "file")
    )
    var output: String?

    package init() {}

    package func run() async throws {
        do {
            let places = try archive.places()
            let database = try await ArchiveDatabase.open(
                places.database,
                mustExist: true,
                report: { ArchiveProgress.say($0) }
            )
            do {
                try await export(database.store)
            } catch {
                await database.close()
                throw error
            }
            await database.close()
        } catch {
            throw CommandFailure.status(of: error)
        }
    }

    private func export(_ store: any TodoArchive) async throws {
        var progress = ArchiveProgress("exported")
        let total = progress.isWatched ? await todoCount(store) : nil
        let reader = try await store.archive(of: archive.workspace)
        let export: ArchiveExport
        do {
            export = try await write(reader) { export in
                let fraction = total.map { Double(export.todoCount) / Double(max(1, $0)) }
                progress.show(todoCount: export.todoCount, fraction: fraction)
            }
        } catch {
            await reader.close()
            progress.end()
            throw error
        }
        await reader.close()
        progress.say(
            """
            exported \(ArchiveProgress.counted(export.todoCount, "to-do")) of \
            \(ArchiveProgress.counted(export.workspaceCount, "workspace"))
            """
        )
    }

    /// Writes everything to where it shall be.
    private func write(
        _ reader: TodoArchiveReader,
        didWrite: (ArchiveExport) -> Void
    ) async throws -> ArchiveExport {
        guard let path = output, path != "-" else {
            var export = ArchiveExport(reader) { bytes throws(LibuvError) in
                try OutputDescriptor.standardOutput.write(bytes)
            }
            try await export.run(of: archive.workspace, didWrite: didWrite)
            return export
        }
        let draft = try FileDraft(of: path)
        var export = ArchiveExport(reader) { bytes throws(LibuvError) in try draft.append(bytes) }
        do {
            try await export.run(of: archive.workspace, didWrite: didWrite)
            try draft.commit()
        } catch {
            draft.discard()
            throw error
        }
        return export
    }

    private func todoCount(_ store: any TodoArchive) async -> Int? {
        do throws(TodoStoreError) {
            return try await store.todoCount(in: archive.workspace)
        } catch {
            // It is for the bar alone; what is wrong shows again at once.
            return nil
        }
    }
}
