import Synchronization
import Testing
import Todos
import TodosSQLite

@Suite("A disk that fails for a while")
struct FailingDiskTests {
    @Test func `On a full disk writes are unavailable, reads are not, and room brings them back`()
        async throws
    {
        let disk = PowerCutDisk()
        let reports = Mutex<[SQLiteError]>([])
        let store = try disk.openStore { error in reports.withLock { $0.append(error) } }
        defer { store.close() }
        var added = [try await store.add("before")]

        for slack in [0, 100, 4_096, 10_000, 50_000] as [UInt64] {
            disk.setCapacity(byteCount: disk.byteCount + slack)
            var failure: TodoStoreError?
            while failure == nil {
                do {
                    added.append(try await store.add("to-do \(added.count)"))
                } catch let error as TodoStoreError {
                    failure = error
                }
            }
            guard case .unavailable(let reason) = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(reason.contains("SQLITE_FULL"))
            #expect(try await store.all() == added)

            disk.setCapacity(byteCount: .max)
            added.append(try await store.add("after"))
            #expect(try await store.all() == added)
        }
        #expect(reports.withLock { $0.map(\.name) } == Array(repeating: "SQLITE_FULL", count: 5))

        store.close()
        #expect(disk.isConsistent)
        let reopened = try disk.openStore()
        #expect(try await reopened.all() == added)
        reopened.close()
    }

    @Test func `A disk that becomes read-only is read, and written to once it can be again`()
        async throws
    {
        let disk = PowerCutDisk()
        let store = try disk.openStore()
        var added = [try await store.add("before")]
        for _ in 0..<3 {
            disk.setReadOnly(true)
            for _ in 0..<3 {
                let error = await #expect(throws: TodoStoreError.self) {
                    try await store.add("lost", key: "k")
                }
                guard case .unavailable(let reason) = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
                #expect(reason.contains("SQLITE_IOERR"))
            }
            #expect(try await store.all() == added)
            disk.setReadOnly(false)
            added.append(try await store.add("after"))
            #expect(try await store.all() == added)
        }
        // The last is there however the server ends: the disk cannot be written to any more.
        disk.setReadOnly(true)
        store.close()
        disk.setReadOnly(false)
        let reopened = try disk.openStore()
        #expect(try await reopened.all() == added)
        reopened.close()
        #expect(disk.isConsistent)
    }

    @Test func `A sync that fails leaves its writes undone and the store in service`()
        async throws
    {
        let disk = PowerCutDisk()
        let store = try disk.openStore()
        var added = [try await store.add("before")]
        for _ in 0..<3 {
            disk.failSyncs(1)
            let error = await #expect(throws: TodoStoreError.self) {
                try await store.add("lost", key: "k")
            }
            guard case .unavailable = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try await store.all() == added)
            added.append(try await store.add("after"))
        }
        // The key of a write that was undone is free.
        added.append(try await store.add("lost", key: "k"))
        store.close()
        #expect(disk.isConsistent)
        let reopened = try disk.openStore()
        #expect(try await reopened.all() == added)
        reopened.close()
    }

    @Test func `A log that cannot be moved into the database costs no acknowledged write`()
        async throws
    {
        let disk = PowerCutDisk()
        let reports = Mutex(0)
        let store = try disk.openStore { _ in reports.withLock { $0 += 1 } }
        let added = [try await store.add("x"), try await store.add("y")]
        disk.failSyncs(.max)
        store.close()
        #expect(reports.withLock { $0 } == 1)

        disk.failSyncs(0)
        let reopened = try disk.openStore()
        #expect(try await reopened.all() == added)
        reopened.close()
    }
}
