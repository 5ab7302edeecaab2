internal import Synchronization
public import Todos

extension SQLiteTodoStore: TodoArchive {
    public func todoCount(in workspace: String?) async throws(TodoStoreError) -> Int {
        try await withCheckedContinuation { reader in
            send(.count(workspace: workspace, reader)) { reader.resume(returning: .failure($0)) }
        }.get()
    }

    /// What is written meanwhile is read if its place comes later.
    public func archive(
        of workspace: String?
    ) async throws(TodoStoreError) -> TodoArchiveReader {
        let bookmark = Bookmark(ArchivePlace(only: workspace))
        return TodoArchiveReader(next: { () async throws(TodoStoreError) in
            let place = bookmark.place.withLock { $0 }
            let page = try await self.archivePage(from: place)
            bookmark.place.withLock { $0 = page.next }
            return page.entries
        })
    }

    private func archivePage(
        from place: ArchivePlace
    ) async throws(TodoStoreError) -> ArchivePage {
        try await withCheckedContinuation { reader in
            send(.archive(place, reader)) { reader.resume(returning: .failure($0)) }
        }.get()
    }
}

/// Where a reader goes on.
private final class Bookmark: Sendable {
    let place: Mutex<ArchivePlace>

    init(_ place: ArchivePlace) {
        self.place = Mutex(place)
    }
}
