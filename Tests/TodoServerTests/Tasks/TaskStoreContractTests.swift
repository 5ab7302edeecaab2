import Martlet
import Testing

@Suite("What a store of tasks keeps")
struct TaskStoreContractTests {
    private let result = RawJSON(unchecked: ByteBuffer(#"{"content":[],"note":"é\n"}"#))

    /// Looks for a task.
    private func expect(
        _ task: TaskRecord?,
        by id: TaskID,
        of owner: TaskOwner,
        in store: any TaskStore,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let found = try await store.task(id, of: owner)
        #expect(found == task, sourceLocation: sourceLocation)
    }

    @Test(arguments: TaskStoreKind.all)
    func `A task is found by its owner as it was kept, and by nobody else`(
        kind: TaskStoreKind
    ) async throws {
        try await kind.withStore { store in
            let task = TaskRecord.new()
            let admission = try await store.insert(task, within: .wide())
            #expect(admission == .admitted)
            try await expect(task, by: task.id, of: .ada, in: store)
            #expect(try await store.task(TaskID("y"), of: .ada) == nil)
            for stranger in [
                TaskOwner(subject: TaskOwner.ada.subject, workspace: "other"),
                TaskOwner(
                    subject: Subject(issuer: "https://other.example", name: "ada"),
                    workspace: "default"
                ),
                TaskOwner(
                    subject: Subject(issuer: "https://issuer.example", name: "eve"),
                    workspace: "default"
                ),
            ] {
                try await expect(nil, by: task.id, of: stranger, in: store)
            }
        }
    }

    @Test(arguments: TaskStoreKind.all)
    func `Every status is kept with what belongs to it`(kind: TaskStoreKind) async throws {
        try await kind.withStore { store in
            let statuses: [TaskRecord.Status] = [
                .working, .inputRequired(requests: result), .completed(result: result),
                .failed(error: result), .cancelled,
            ]
            for (index, status) in statuses.enumerated() {
                let task = TaskRecord.new("\(index)")
                _ = try await store.insert(task, within: .wide())
                let changed = task.changed(to: status, index == 0 ? nil : "message \(index)")
                try await store.update(changed)
                try await expect(changed, by: task.id, of: .ada, in: store)
            }
        }
    }

    @Test(arguments: TaskStoreKind.all)
    func `What is final stays, and what is older counts for nothing`(
        kind: TaskStoreKind
    ) async throws {
        try await kind.withStore { store in
            let task = TaskRecord.new()
            _ = try await store.insert(task, within: .wide())
            let asking = task.changed(to: .inputRequired(requests: result))
            let working = asking.changed(to: .working)
            try await store.update(working)
            try await store.update(asking)
            try await expect(working, by: task.id, of: .ada, in: store)
            let ended = working.changed(to: .cancelled)
            try await store.update(ended)
            try await store.update(working.changed(to: .working).changed(to: .working))
            try await expect(ended, by: task.id, of: .ada, in: store)
            // A task that is not there does not come into being.
            try await store.update(TaskRecord.new("y").changed(to: .working))
            try await expect(nil, by: TaskID("y"), of: .ada, in: store)
        }
    }

    @Test(arguments: TaskStoreKind.all)
    func `There are so many tasks of a subject and of all, and expired ones do not count`(
        kind: TaskStoreKind
    ) async throws {
        try await kind.withStore { store in
            func insert(_ id: String, _ name: String, at now: Int64) async throws -> TaskAdmission {
                let subject = Subject(issuer: "https://issuer.example", name: name)
                let owner = TaskOwner(subject: subject, workspace: "workspace of \(id)")
                return try await store.insert(
                    .new(id, of: owner, at: now),
                    within: TaskQuota(countMax: 3, perSubjectCountMax: 2, nowMilliseconds: now)
                )
            }
            let steps: [(id: String, name: String, time: Int64, admission: TaskAdmission)] = [
                ("a", "ada", 1_000, .admitted), ("b", "ada", 1_001, .admitted),
                ("c", "ada", 1_002, .tooManyOfSubject), ("d", "eve", 1_002, .admitted),
                ("e", "eve", 1_003, .tooMany), ("f", "ada", 1_499, .tooManyOfSubject),
                ("g", "ada", 1_500, .admitted),
            ]
            for step in steps {
                let admission = try await insert(step.id, step.name, at: step.time)
                #expect(admission == step.admission, "\(step.id)")
            }
        }
    }

    @Test(arguments: TaskStoreKind.all)
    func `What has expired is removed, and what was told to nobody`(
        kind: TaskStoreKind
    ) async throws {
        try await kind.withStore { store in
            for (id, time) in [("a", 1_000), ("b", 1_001), ("c", 1_001)] {
                _ = try await store.insert(.new(id, at: Int64(time)), within: .wide())
            }
            try await store.removeExpired(atMilliseconds: 1_500)
            try await store.remove(TaskID("c"))
            try await store.remove(TaskID("never"))
            var found: [String] = []
            for id in ["a", "b", "c"] where try await store.task(TaskID(id), of: .ada) != nil {
                found.append(id)
            }
            #expect(found == ["b"])
        }
    }

    @Test(arguments: TaskStoreKind.all)
    func `Tasks that no process works at any longer have failed, and others stay`(
        kind: TaskStoreKind
    ) async throws {
        try await kind.withStore { store in
            let working = TaskRecord.new("a")
            let asking = TaskRecord.new("b")
            let ended = TaskRecord.new("c")
            for task in [working, asking, ended] {
                _ = try await store.insert(task, within: .wide())
            }
            try await store.update(asking.changed(to: .inputRequired(requests: result)))
            let completed = ended.changed(to: .completed(result: result))
            try await store.update(completed)
            try await store.interruptAll(message: "restarted", atMilliseconds: 2_000)
            for task in [working, asking] {
                let kept = try await store.task(task.id, of: .ada)
                let found = try #require(kept)
                #expect(found.status == .interrupted)
                #expect(found.statusMessage == "restarted")
                #expect(found.updatedAtMilliseconds == 2_000)
                #expect(found.revision > 0)
            }
            try await expect(completed, by: ended.id, of: .ada, in: store)
        }
    }
}
