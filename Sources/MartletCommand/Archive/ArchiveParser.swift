import Todos

/// Reads the lines of an archive in their order, and keeps nothing of them but its place.
///
/// With new ids a list of another origin is read as well: without header and end, in any order, and
/// with no more than a workspace and a title on a line.
package struct ArchiveParser {
    /// What such a list does not say of its to-dos.
    package struct Defaults: Hashable, Sendable {
        let issuer: String
        let subject: String
        let now: Int64

        package init(issuer: String, subject: String, now: Int64) {
            self.issuer = issuer
            self.subject = subject
            self.now = now
        }
    }

    private enum State {
        case beginning, within, ended
    }

    /// `nil` if ids are kept, and lines must be complete.
    private let defaults: Defaults?
    private var state = State.beginning
    private var isArchive = false
    private var place: (workspace: String, id: Int64) = ("", 0)
    private var todoCount = 0
    private var hasFault = false

    package init(fillingInFrom defaults: Defaults?) {
        self.defaults = defaults
    }

    /// Whether an archive that was begun lacks its last line.
    package var isCutOff: Bool { isArchive && state != .ended }

    /// - Parameter line: One that is not blank, without its line feed.
    /// - Returns: What the line has to say of a workspace; `nil` for the first line and the last.
    /// - Throws: ``ArchiveLineError``. The next line may be read all the same.
    package mutating func parse(
        _ line: Span<UInt8>
    ) throws(ArchiveLineError) -> TodoArchiveEntry? {
        do throws(ArchiveLineError) {
            return try parse(ArchiveMembers(line))
        } catch {
            // What the archive says of its length cannot be right any more.
            hasFault = true
            guard case .json = error, state == .beginning, defaults == nil else { throw error }
            throw .noHeader
        }
    }

    /// Takes note of a line that was left out because it was too long to be read.
    package mutating func skip() {
        hasFault = true
    }

    private mutating func parse(
        _ members: ArchiveMembers
    ) throws(ArchiveLineError) -> TodoArchiveEntry? {
        switch state {
        case .beginning where members.has(.format):
            try validateHeader(members)
            state = .within
            isArchive = true
            return nil
        case .beginning:
            guard defaults != nil else { throw .noHeader }
            state = .within
        case .within: break
        case .ended: throw .misplaced
        }
        if members.has(.format) { throw .misplaced }
        if members.has(.end) {
            let stated = try members.number(.todos)
            state = .ended
            guard hasFault || stated == todoCount else {
                throw .wrongCount(stated: stated, found: todoCount)
            }
            return nil
        }
        let workspace = try Self.workspace(members)
        return members.has(.lastID)
            ? try end(of: workspace, members) : try todo(in: workspace, members)
    }

    private func validateHeader(_ members: ArchiveMembers) throws(ArchiveLineError) {
        let format = try members.text(.format)
        guard format == ArchiveFormat.name else { throw .otherFormat(String(format.prefix(64))) }
        let version = try members.number(.version)
        guard version <= ArchiveFormat.version else { throw .newerVersion(version) }
    }

    private static func workspace(_ members: ArchiveMembers) throws(ArchiveLineError) -> String {
        let name = try members.text(.workspace)
        guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .workspace(String(name.prefix(64)))
        }
        return name
    }

    private mutating func end(
        of workspace: String,
        _ members: ArchiveMembers
    ) throws(ArchiveLineError) -> TodoArchiveEntry {
        let lastID = Int64(try members.number(.lastID))
        try move(to: workspace, id: .max, saying: nil)
        return .end(workspace: workspace, lastID: lastID)
    }

    private mutating func todo(
        in workspace: String,
        _ members: ArchiveMembers
    ) throws(ArchiveLineError) -> TodoArchiveEntry {
        let untrimmed = try members.text(.title)
        let title: TodoTitle
        do throws(TodoTitleError) {
            title = try TodoTitle(untrimmed)
        } catch {
            throw .title(error)
        }
        let createdAt = try value(.createdAt, members) { Int($0.now) }
        let updatedAt = try value(.updatedAt, members) { _ in createdAt }
        guard updatedAt >= createdAt else { throw .updatedBeforeCreated }
        let id = Int64(try value(.id, members) { _ in 0 })
        let isOpen = defaults != nil && !members.has(.completed)
        let todo = Todo(
            storedID: id,
            title: title.text,
            isCompleted: try isOpen ? false : members.completed(),
            createdBy: try text(.createdBy, members) { $0.subject },
            createdAt: Int64(createdAt),
            updatedAt: Int64(updatedAt)
        )
        let issuer = try text(.createdByIssuer, members) { $0.issuer }
        try move(to: workspace, id: id, saying: id)
        todoCount += 1
        return .todo(StoredTodo(todo, issuer: issuer), workspace: workspace)
    }

    private func value(
        _ member: ArchiveFormat.Member,
        _ members: ArchiveMembers,
        else missing: (Defaults) -> Int
    ) throws(ArchiveLineError) -> Int {
        if let defaults, !members.has(member) { return missing(defaults) }
        return try members.number(member)
    }

    private func text(
        _ member: ArchiveFormat.Member,
        _ members: ArchiveMembers,
        else missing: (Defaults) -> String
    ) throws(ArchiveLineError) -> String {
        if let defaults, !members.has(member) { return missing(defaults) }
        return try members.text(member)
    }

    /// Goes on to a place that must come later, unless ids are new and the order means nothing.
    private mutating func move(
        to workspace: String,
        id: Int64,
        saying told: Int64?
    ) throws(ArchiveLineError) {
        guard defaults == nil else { return }
        if workspace == place.workspace {
            guard id > place.id else { throw .outOfOrder(workspace: workspace, id: told) }
        } else if !place.workspace.utf8.lexicographicallyPrecedes(workspace.utf8) {
            throw .outOfOrder(workspace: workspace, id: nil)
        }
        place = (workspace, id)
    }
}
