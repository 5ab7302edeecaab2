internal import Libuv
internal import PostgresClient
public import Todos

extension PostgresTodoStore: TodoArchive {
    public func todoCount(in workspace: String?) async throws(TodoStoreError) -> Int {
        let call =
            if let workspace {
                ArchiveStatements.countOfWorkspace(PostgresValue(workspace))
            } else {
                ArchiveStatements.count()
            }
        do throws(PostgresError) {
            return Int(try await run([call])[0].number(0, 0))
        } catch {
            throw error.storeError
        }
    }

    /// Takes one of the connections until the reader is closed.
    public func archive(
        of workspace: String?
    ) async throws(TodoStoreError) -> TodoArchiveReader {
        let opened = await withCheckedContinuation { waiter in
            loopStores[0].runLater { store in
                store.pool.loop.startTask(with: store.pool) { pool in
                    let result: Result<LoopBound<ArchiveCursor>, TodoStoreError>
                    do throws(PostgresError) {
                        let cursor = try await ArchiveCursor.open(of: workspace, in: pool)
                        result = .success(LoopBound(cursor, on: pool.loop))
                    } catch {
                        result = .failure(error.storeError)
                    }
                    waiter.resume(returning: result)
                }
            }
        }
        let cursor = try opened.get()
        return TodoArchiveReader(
            next: { () async throws(TodoStoreError) in try await Self.next(of: cursor).get() },
            close: {
                await withCheckedContinuation { waiter in
                    cursor.runLater { cursor in
                        cursor.close()
                        waiter.resume()
                    }
                }
            }
        )
    }

    private static func next(
        of cursor: LoopBound<ArchiveCursor>
    ) async -> Result<[TodoArchiveEntry], TodoStoreError> {
        await withCheckedContinuation { waiter in
            cursor.runLater { [loop = cursor.loop] cursor in
                loop.startTask(with: cursor) { cursor in
                    do throws(PostgresError) {
                        waiter.resume(returning: .success(try await cursor.next()))
                    } catch {
                        waiter.resume(returning: .failure(error.storeError))
                    }
                }
            }
        }
    }
}
