import Foundation
import Testing
import Todos
import TodosSQLite

@Suite("Opening the to-do database")
struct OpeningTests {
    @Test func `What was acknowledged is there after a restart, and ids go on`() async throws {
        try await withDirectory { directory in
            let store = try open(directory + "/todos.db")
            let kept = try await store.add("kept", key: "k")
            let deleted = try await store.add("deleted")
            _ = try await store.apply(.delete(id: deleted.id))
            store.close()

            let reopened = try open(directory + "/todos.db")
            #expect(try await reopened.all() == [kept])
            #expect(try await reopened.add("kept", key: "k") == kept)
            #expect(try await reopened.add("next").id == deleted.id + 1)
            reopened.close()
        }
    }

    @Test func `Nobody but its owner may read the file or its log`() async throws {
        try await withDirectory { directory in
            let store = try open(directory + "/todos.db")
            try await store.add("x")
            for name in ["todos.db", "todos.db-wal"] {
                let attributes = try FileManager.default.attributesOfItem(
                    atPath: directory + "/" + name
                )
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
            }
            store.close()
        }
    }

    @Test func `Closing empties the log, may be repeated, and makes the store unavailable`()
        async throws
    {
        try await withDirectory { directory in
            let path = directory + "/todos.db"
            let store = try open(path)
            try await store.add("x")
            store.close()
            store.close()
            #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
            let error = await #expect(throws: TodoStoreError.self) { try await store.add("y") }
            guard case .unavailable = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test func `A file that is open elsewhere is refused with what to do`() async throws {
        try await withDirectory { directory in
            let path = directory + "/todos.db"
            let first = try open(path)
            try await first.add("x")
            let error = #expect(throws: TodoDatabaseError.inUse(path: path)) { try open(path) }
            #expect(error?.description.contains("stop the other") == true)
            // The first is not disturbed, and the file is free once it has closed.
            try await first.add("y")
            first.close()
            let second = try open(path)
            #expect(try await second.all().count == 2)
            second.close()
        }
    }

    @Test func `A file that is not a database is refused and left as it is`() async throws {
        try await withDirectory { directory in
            let path = directory + "/todos.db"
            let text = Data(String(repeating: "Dear diary,\n", count: 200).utf8)
            try text.write(to: URL(fileURLWithPath: path))
            #expect(throws: TodoDatabaseError.notADatabase(path: path)) { try open(path) }
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
        }
    }

    @Test(
        arguments: [
            "CREATE TABLE recipe (name TEXT)", "PRAGMA application_id = 252006674",
            "PRAGMA user_version = 1",
        ]
    )
    func `Another application's database is refused and left as it is`(sql: String) async throws {
        try await withDirectory { directory in
            let path = directory + "/todos.db"
            #expect(query(path, sql) == 0)
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(throws: TodoDatabaseError.foreign(path: path)) { try open(path) }
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        }
    }

    @Test func `A newer schema is refused with both versions`() async throws {
        try await withDirectory { directory in
            let path = directory + "/todos.db"
            try open(path).close()
            let version = query(path, "PRAGMA user_version")
            #expect(version == 3)
            #expect(query(path, "PRAGMA user_version = \(version + 1)") == 0)

            let error = #expect(
                throws: TodoDatabaseError.newerSchema(path: path, version: 4, versionMax: 3)
            ) {
                try open(path)
            }
            #expect(error?.description.contains("run the release that wrote it") == true)
            #expect(query(path, "PRAGMA user_version") == 4)
        }
    }

    @Test func `A file of the first version is brought up to date with all that it holds`()
        async throws
    {
        try await withDirectory { directory in
            let path = directory + "/todos.db"
            let store = try open(path)
            let todo = try await store.add("x", key: "k")
            let missing = try await store.apply(.delete(id: 9), key: "d")
            store.close()
            for column in ["first_todo_id", "todo_count", "has_more"] {
                let drop = "ALTER TABLE idempotent_write DROP COLUMN \(column)"
                #expect(query(path, drop) == 0)
            }
            #expect(query(path, "DROP TABLE task") == 0)
            #expect(query(path, "PRAGMA user_version = 1") == 0)

            let updated = try open(path)
            #expect(try await updated.all() == [todo])
            #expect(try await updated.add("x", key: "k") == todo)
            let again = try await updated.apply(.delete(id: 9), key: "d")
            #expect(again.isReplay)
            #expect(again.outcome == missing.outcome)
            let both = TodoWrite.addAll(titles: [try TodoTitle("y"), try TodoTitle("z")])
            #expect(try await updated.apply(both, key: "k").outcome == .added(2...3))
            #expect(try await updated.apply(both, key: "k").outcome == .added(2...3))
            updated.close()
            #expect(query(path, "PRAGMA user_version") == 3)
            #expect(query(path, "SELECT count(*) FROM task") == 0)
        }
    }

    @Test func `A damaged file is refused, or fails without an answer made up`() async throws {
        let disk = PowerCutDisk()
        let store = try disk.openStore()
        for number in 0..<200 { try await store.add("to-do \(number)") }
        store.close()
        // Behind the header of the file: the schema's own page.
        #expect(disk.damage(offset: 100, byteCount: 900))
        let error = #expect(throws: TodoDatabaseError.self) { try disk.openStore() }
        guard case .damaged(_, let cause) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(cause.name == "SQLITE_CORRUPT")
    }

    @Test func `A page that is damaged later fails the reads that need it`() async throws {
        let disk = PowerCutDisk()
        let store = try disk.openStore()
        for number in 0..<200 { try await store.add("to-do \(number)") }
        store.close()
        for page in 2..<disk.byteCount / 4_096 {
            #expect(disk.damage(offset: page * 4_096, byteCount: 4_096))
        }
        let reopened = try disk.openStore()
        defer { reopened.close() }
        let error = await #expect(throws: TodoStoreError.self) { try await reopened.all() }
        guard case .failed(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("SQLITE_CORRUPT"))
    }

    @Test(arguments: ["missing/todos.db", "file/todos.db", "", "directory"])
    func `A path where no file can be is refused with its cause`(name: String) async throws {
        try await withDirectory { directory in
            try Data().write(to: URL(fileURLWithPath: directory + "/file"))
            try FileManager.default.createDirectory(
                atPath: directory + "/directory",
                withIntermediateDirectories: false
            )
            let path = directory + "/" + name
            let error = #expect(throws: TodoDatabaseError.self) { try open(path) }
            guard case .inaccessible(path, let cause) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(cause.name == "SQLITE_CANTOPEN")
            #expect(error?.description.contains("must exist and be writable") == true)
        }
    }

    @Test func `A directory that cannot be written to is refused`() throws {
        // Even the superuser creates no files there.
        let error = #expect(throws: TodoDatabaseError.self) { try open("/proc/todos.db") }
        guard case .inaccessible = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `Expired idempotency keys go, a bounded number with each transaction`()
        async throws
    {
        let disk = PowerCutDisk()
        let store = try disk.openStore()
        for number in 0..<200 { try await store.add("x", key: "\(number)", now: 1_000) }
        try await store.add("y", now: 1_000 + 86_399)
        try await store.add("y", now: 1_000 + 86_400)
        store.close()
        #expect(disk.query("SELECT count(*) FROM idempotent_write") == 200 - 64)

        let reopened = try disk.openStore()
        for _ in 0..<3 { try await reopened.add("y", now: 1_000 + 86_400) }
        reopened.close()
        #expect(disk.query("SELECT count(*) FROM idempotent_write") == 0)
    }

    private func open(_ path: String) throws(TodoDatabaseError) -> SQLiteTodoStore {
        try SQLiteTodoStore(.init(path: path)) { Issue.record("\($0)") }
    }

    /// Calls the closure with the path of an empty directory, which is removed afterwards.
    private func withDirectory(_ body: (String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("todos-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: directory) } }
        try await body(directory.path)
    }
}
