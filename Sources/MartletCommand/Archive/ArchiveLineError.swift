import JSON
import Todos

/// Why a line of an archive cannot be imported.
package enum ArchiveLineError: Error, Hashable, Sendable {
    case json(JSONError)
    case tooLong
    case unknownMember(String)
    case repeatedMember(String)
    case missing(String)
    case outOfRange(String, ClosedRange<Int>)
    case title(TodoTitleError)
    case workspace(String)
    case updatedBeforeCreated
    /// The first line is none of an archive.
    case noHeader
    case otherFormat(String)
    case newerVersion(Int)
    /// A header that is not the first line, or anything behind the last.
    case misplaced
    case outOfOrder(workspace: String, id: Int64?)
    /// The archive says how many to-dos it has, and has not so many.
    case wrongCount(stated: Int, found: Int)
}

extension ArchiveLineError {
    /// Whether nothing of the input can be imported, so that leaving the line out is no help.
    package var isAboutAll: Bool {
        switch self {
        case .noHeader, .otherFormat, .newerVersion: true
        case .json, .tooLong, .unknownMember, .repeatedMember, .missing, .outOfRange, .title,
            .workspace, .updatedBeforeCreated, .misplaced, .outOfOrder, .wrongCount:
            false
        }
    }
}

extension ArchiveLineError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .json(let error): "no JSON object of an archive: \(error)"
        case .tooLong: "the line has more than \(ArchiveFormat.lineByteCountMax) bytes"
        case .unknownMember(let name): "an archive has no member \(name.quoted)"
        case .repeatedMember(let name): "member \(name.quoted) is there twice"
        case .missing(let name): "member \(name.quoted) is missing"
        case .outOfRange(let name, let range):
            """
            \(name.quoted) must be a whole number from \(range.lowerBound) to \(range.upperBound)
            """
        // A sentence that addresses whoever sent the title: it stands by itself.
        case .title(let error): "\(error)"
        case .workspace(let name):
            "\(name.quoted) is no workspace: its name is visible ASCII characters"
        case .updatedBeforeCreated: "the to-do was updated before it was created"
        case .noHeader:
            """
            this is no archive of `martlet export`, which begins with \
            {"format":"\(ArchiveFormat.name)",…}; a list of another origin is added with --new-ids
            """
        case .otherFormat(let name): "the format is \(name.quoted), not \(ArchiveFormat.name)"
        case .newerVersion(let version):
            """
            the archive has version \(version) of the format, and this release knows \
            \(ArchiveFormat.version); import it with the release that wrote it, or a newer one
            """
        case .misplaced: "the line does not belong here: the archive had begun, or ended, before"
        case .outOfOrder(let workspace, let id?):
            """
            to-do \(id) of workspace \(workspace.quoted) comes after a greater one: an archive is \
            in the order of workspaces and ids; import two archives one after the other
            """
        case .outOfOrder(let workspace, nil):
            """
            workspace \(workspace.quoted) comes too late: an archive is in the order of \
            workspaces; import two archives one after the other
            """
        case .wrongCount(let stated, let found):
            "the archive should have \(stated) to-dos, and \(found) were found: lines are missing"
        }
    }
}
