import Foundation
import Martlet
import Testing
import TodoServer
import TodosSQLite

@Suite("Tasks in a file")
struct TaskDurabilityTests {
    private let result = RawJSON(unchecked: ByteBuffer(#"{"content":[]}"#))

    /// What a process leaves that is killed now: the files as they are.
    private func copyFiles(of path: String, to copy: String) throws {
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
        }
    }

    @Test func `What was acknowledged is there after the process was killed`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/todos.db"
            let store = try SQLiteTodoStore(.init(path: path)) { Issue.record("\($0)") }
            defer { store.close() }
            let tasks = DatabaseTaskStore(store)
            let running = TaskRecord.new("running")
            let ended = TaskRecord.new("ended")
            _ = try await tasks.insert(running, within: .wide())
            _ = try await tasks.insert(ended, within: .wide())
            let completed = ended.changed(to: .completed(result: result), "done")
            try await tasks.update(completed)

            let copy = directory + "/copy.db"
            try copyFiles(of: path, to: copy)
            let next = try SQLiteTodoStore(.init(path: copy)) { Issue.record("\($0)") }
            defer { next.close() }
            let found = DatabaseTaskStore(next)
            #expect(try await found.task(running.id, of: .ada) == running)
            #expect(try await found.task(ended.id, of: .ada) == completed)
            try await found.interruptAll(message: "restarted", atMilliseconds: 3_000)
            #expect(try await found.task(running.id, of: .ada)?.status == .interrupted)
            #expect(try await found.task(ended.id, of: .ada) == completed)
        }
    }

    @Test func `A store that is closed says so`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try SQLiteTodoStore(.init(path: directory + "/todos.db")) { _ in }
            store.close()
            let tasks = DatabaseTaskStore(store)
            await #expect(throws: TaskStoreError.self) {
                try await tasks.insert(.new(), within: .wide())
            }
            await #expect(throws: TaskStoreError.self) {
                try await tasks.task(TaskID("x"), of: .ada)
            }
        }
    }
}
