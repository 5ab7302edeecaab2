internal import Todos

/// How far an archive has been read.
struct ArchivePlace: Hashable, Sendable {
    /// A workspace of which there may be more to read.
    struct Workspace: Hashable, Sendable {
        let name: String
        let key: Int64
        let lastID: Int64
        var after: Int64 = 0
    }

    /// The one workspace that is wanted; `nil` is all of them.
    let only: String?

    /// Where reading goes on; `nil` before the next workspace is looked for.
    var workspace: Workspace?

    /// The name of the last workspace that was read whole.
    var done = ""
    var isAtEnd = false

    init(only: String?) {
        self.only = only
    }
}

/// What was read of an archive, and where to go on.
struct ArchivePage: Sendable {
    let entries: [TodoArchiveEntry]
    let next: ArchivePlace
}

extension TodoDatabase {
    func todoCount(in workspace: String?) throws(SQLiteError) -> Int {
        guard let workspace else {
            defer { archive.count.reset() }
            return try archive.count.step() ? Int(archive.count.number(at: 0)) : 0
        }
        defer { archive.countOfWorkspace.reset() }
        try archive.countOfWorkspace.bind(workspace, at: 1)
        guard try archive.countOfWorkspace.step() else { return 0 }
        return Int(archive.countOfWorkspace.number(at: 0))
    }

    /// Reads on until there are ``TodoArchiveReader/entryCountMax`` entries, or nothing more.
    func archivePage(from place: ArchivePlace) throws(SQLiteError) -> ArchivePage {
        var place = place
        var entries: [TodoArchiveEntry] = []
        while entries.count < TodoArchiveReader.entryCountMax {
            if place.workspace == nil { try moveToNextWorkspace(&place) }
            guard var workspace = place.workspace else { break }
            let wanted = TodoArchiveReader.entryCountMax - entries.count
            let todos = try storedTodos(of: workspace, limit: wanted)
            entries += todos.map { .todo($0, workspace: workspace.name) }
            if let last = todos.last { workspace.after = last.todo.id }
            // A full page may have been the last: the next one is empty then.
            if todos.count == wanted {
                place.workspace = workspace
            } else {
                entries.append(.end(workspace: workspace.name, lastID: workspace.lastID))
                place.workspace = nil
                place.done = workspace.name
                place.isAtEnd = place.only != nil
            }
        }
        return ArchivePage(entries: entries, next: place)
    }

    private func moveToNextWorkspace(_ place: inout ArchivePlace) throws(SQLiteError) {
        guard !place.isAtEnd else { return }
        if let only = place.only {
            defer { writes.findWorkspace.reset() }
            try writes.findWorkspace.bind(only, at: 1)
            place.isAtEnd = try !writes.findWorkspace.step()
            guard !place.isAtEnd else { return }
            place.workspace = ArchivePlace.Workspace(
                name: only,
                key: writes.findWorkspace.number(at: 0),
                lastID: writes.findWorkspace.number(at: 1)
            )
            return
        }
        defer { archive.nextWorkspace.reset() }
        try archive.nextWorkspace.bind(place.done, at: 1)
        place.isAtEnd = try !archive.nextWorkspace.step()
        guard !place.isAtEnd else { return }
        place.workspace = ArchivePlace.Workspace(
            name: archive.nextWorkspace.text(at: 0),
            key: archive.nextWorkspace.number(at: 1),
            lastID: archive.nextWorkspace.number(at: 2)
        )
    }

    private func storedTodos(
        of workspace: ArchivePlace.Workspace,
        limit: Int
    ) throws(SQLiteError) -> [StoredTodo] {
        defer { archive.page.reset() }
        try archive.page.bind(workspace.key, at: 1)
        try archive.page.bind(workspace.after, at: 2)
        try archive.page.bind(Int64(limit), at: 3)
        var todos: [StoredTodo] = []
        while try archive.page.step() { todos.append(archive.page.storedTodo) }
        return todos
    }

    /// Adds to-dos as they were elsewhere, within the transaction under way.
    ///
    /// - Returns: `nil` if there are not as many ids left.
    func restore(
        _ restoration: TodoRestoration,
        in workspace: String
    ) throws(SQLiteError) -> TodoWriteResult? {
        let (key, lastID) = try workspaces.last(in: workspace, with: writes)
        let plan = try restoration.plan(lastID: lastID) { id throws(SQLiteError) in
            try storedTodo(id, inWorkspaceWithKey: key)
        }
        guard let plan else { return nil }
        for stored in plan.added {
            try archive.restore.bind(key, at: 1)
            try archive.restore.bind(stored.todo.id, at: 2)
            try archive.restore.bind(stored.todo.title, at: 3)
            try archive.restore.bind(stored.todo.isCompleted ? 1 : 0, at: 4)
            try archive.restore.bind(stored.issuer, at: 5)
            try archive.restore.bind(stored.todo.createdBy, at: 6)
            try archive.restore.bind(stored.todo.createdAt, at: 7)
            try archive.restore.bind(stored.todo.updatedAt, at: 8)
            try archive.restore.run()
        }
        workspaces.set(workspace, lastID: plan.lastID)
        return TodoWriteResult(plan.outcome, changedIDs: plan.added.map(\.todo.id))
    }

    private func storedTodo(
        _ id: Int64,
        inWorkspaceWithKey key: Int64
    ) throws(SQLiteError) -> StoredTodo? {
        defer { archive.todo.reset() }
        try archive.todo.bind(key, at: 1)
        try archive.todo.bind(id, at: 2)
        return try archive.todo.step() ? archive.todo.storedTodo : nil
    }
}
