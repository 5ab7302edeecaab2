import Bytes
import Martlet
import Todos

/// An archive on its way into a store: read, checked and written a batch at a time.
struct ArchiveImport {
    /// What shall become of the to-dos.
    struct Options {
        var identity = TodoRestoration.Identity.kept(whenTaken: .refuse)

        /// The only workspace that is imported; `nil` is all of them.
        var workspace: String?

        /// Whether a line that cannot be imported is left out and told, instead of being the end.
        var skipsInvalid = false
    }

    /// What was done so far.
    struct Tally: Hashable {
        var restored = RestoredTodos(addedCount: 0)
        var invalidLineCount = 0

        var todoCount: Int {
            restored.addedCount + restored.presentCount + restored.leftCount
        }
    }

    /// Who adds to-dos of which nobody says who did.
    static let issuer = "martlet"
    static let subject = "import"

    /// Writes that are on their way together.
    private static let writeCountMax = 64

    private let store: any TodoArchive
    private let options: Options
    private let now: Int64
    private var source: ArchiveSource
    private var parser: ArchiveParser
    private var batch = ImportBatch()
    private(set) var tally = Tally()

    init(_ source: ArchiveSource, into store: any TodoArchive, _ options: Options, now: Int64) {
        self.source = source
        self.store = store
        self.options = options
        self.now = now
        parser = ArchiveParser(
            fillingInFrom: options.identity == .new
                ? .init(issuer: Self.issuer, subject: Self.subject, now: now) : nil
        )
    }

    /// How far the source has been read, from 0 to 1; `nil` if nobody knows how long it is.
    var fraction: Double? {
        guard let byteCount = source.byteCount, byteCount > 0 else { return nil }
        return min(1, Double(source.readByteCount) / Double(byteCount))
    }

    /// Imports everything.
    ///
    /// - Parameters:
    ///   - didSkip: Told of each line that was left out.
    ///   - didWrite: Called after each batch.
    /// - Throws: ``ArchiveImportError``. What was imported until then stays: the same import, begun
    ///   again, goes on behind it.
    mutating func run(
        didSkip: (Int, ArchiveLineError) -> Void,
        didWrite: (ArchiveImport) -> Void
    ) async throws(ArchiveImportError) {
        while let piece = try nextPiece() {
            do throws(ArchiveLineError) {
                try take(piece)
            } catch {
                guard options.skipsInvalid, !error.isAboutAll else {
                    try await leaveOff()
                    throw .line(source.lineNumber, error)
                }
                tally.invalidLineCount += 1
                didSkip(source.lineNumber, error)
            }
            if batch.isFull {
                try await write()
                didWrite(self)
            }
        }
        try await write()
        didWrite(self)
        if parser.isCutOff { throw .cutOff(lineNumber: source.lineNumber) }
    }

    private mutating func nextPiece() throws(ArchiveImportError) -> LineSplitter.Piece? {
        do throws(ArchiveUnreadable) {
            return try source.next()
        } catch {
            throw .unreadable(error)
        }
    }

    private mutating func take(_ piece: LineSplitter.Piece) throws(ArchiveLineError) {
        switch piece {
        case .tooLong:
            batch.count(ByteBuffer())
            parser.skip()
            throw .tooLong
        case .line(let line):
            batch.count(line)
            guard let entry = try parser.parse(line.span), isWanted(entry) else { return }
            batch.add(entry, lineNumber: source.lineNumber)
        }
    }

    private func isWanted(_ entry: TodoArchiveEntry) -> Bool {
        guard options.workspace == nil || options.workspace == entry.workspace else { return false }
        // New ids go on after those of the workspace that they come to.
        if case .end = entry { return options.identity != .new }
        return true
    }

    /// Writes what came before a line that is the end.
    ///
    /// Not where ids are new: a batch is known by all of its lines there, and would be another one
    /// once the line is corrected.
    private mutating func leaveOff() async throws(ArchiveImportError) {
        guard options.identity != .new else { return }
        try await write()
    }

    private mutating func write() async throws(ArchiveImportError) {
        let parts = batch.parts
        let key = options.identity == .new ? Self.idempotencyKey(batch.key) : nil
        batch.startNext()
        var start = 0
        while start < parts.count {
            let end = min(start + Self.writeCountMax, parts.count)
            try await write(parts[start..<end], key)
            start = end
        }
    }

    private static func idempotencyKey(_ text: String) -> IdempotencyKey {
        do throws(IdempotencyKeyError) {
            return try IdempotencyKey(text)
        } catch {
            preconditionFailure("a digest in hexadecimal is a key: \(error)")
        }
    }

    /// Writes to several workspaces at once, which do not wait for each other.
    private mutating func write(
        _ parts: ArraySlice<ImportBatch.Part>,
        _ key: IdempotencyKey?
    ) async throws(ArchiveImportError) {
        let requests = parts.map { request($0, key) }
        let results = await withTaskGroup(
            of: (Int, Result<TodoWriteResult, TodoStoreError>).self
        ) { group in
            for (index, request) in requests.enumerated() {
                group.addTask { [store] in (index, await Self.apply(request, to: store)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        var failure: ArchiveImportError?
        for (index, part) in parts.enumerated() {
            guard let result = results[index] else { continue }
            do throws(ArchiveImportError) {
                try await note(result, of: part)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    private func request(
        _ part: ImportBatch.Part,
        _ key: IdempotencyKey?
    ) -> TodoWriteRequest {
        TodoWriteRequest(
            .restore(
                TodoRestoration(part.todos, identity: options.identity, lastID: part.lastID)
            ),
            by: TodoCaller(
                workspace: part.workspace,
                issuer: Self.issuer,
                subject: Self.subject
            ),
            idempotencyKey: key,
            now: now
        )
    }

    private static func apply(
        _ request: TodoWriteRequest,
        to store: any TodoArchive
    ) async -> Result<TodoWriteResult, TodoStoreError> {
        do throws(TodoStoreError) {
            return .success(try await store.apply(request))
        } catch {
            return .failure(error)
        }
    }

    private mutating func note(
        _ result: Result<TodoWriteResult, TodoStoreError>,
        of part: ImportBatch.Part
    ) async throws(ArchiveImportError) {
        let result = try Self.unwrap(result)
        switch result.outcome {
        case .added(let ids):
            if result.isReplay {
                tally.restored.presentCount += ids.count
            } else {
                tally.restored.addedCount += ids.count
            }
        case .restored(let restored):
            tally.restored.addedCount += restored.addedCount
            tally.restored.presentCount += restored.presentCount
            tally.restored.leftCount += restored.leftCount
        case .conflict(let conflict):
            try await stop(at: conflict, of: part)
        case .todo, .cleared, .needsConsent:
            throw .store(.failed(reason: "the store restored nothing"))
        }
    }

    /// Writes what comes before a to-do that cannot have its id back.
    private mutating func stop(
        at conflict: TodoConflict,
        of part: ImportBatch.Part
    ) async throws(ArchiveImportError) {
        if conflict.index > 0 {
            var before = part
            before.todos = Array(part.todos.prefix(conflict.index))
            before.lastID = 0
            try await note(await Self.apply(request(before, nil), to: store), of: before)
        }
        throw .conflict(
            part.lineNumbers[conflict.index],
            workspace: part.workspace,
            id: part.todos[conflict.index].todo.id,
            conflict.reason
        )
    }

    private static func unwrap(
        _ result: Result<TodoWriteResult, TodoStoreError>
    ) throws(ArchiveImportError) -> TodoWriteResult {
        do throws(TodoStoreError) {
            return try result.get()
        } catch {
            throw .store(error)
        }
    }
}

extension TodoArchiveEntry {
    /// The workspace that the entry is about.
    fileprivate var workspace: String {
        switch self {
        case .todo(_, let workspace), .end(let workspace, _): workspace
        }
    }
}
