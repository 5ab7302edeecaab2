import AccessControl
import JSON
import MCP
import ProtocolTestSupport
import Testing

@Suite("Tasks and their questions")
struct TaskRecordTests {
    private let owner = TaskOwner(
        subject: Subject(issuer: "https://issuer.example", name: "ada"),
        workspace: "default"
    )

    private func record(at milliseconds: Int64 = 1_000) -> TaskRecord {
        TaskRecord(
            id: TaskID("x"),
            owner: owner,
            tool: "dig",
            arguments: RawJSON { $0.null() },
            createdAtMilliseconds: milliseconds,
            lifetimeMilliseconds: 500,
            pollIntervalMilliseconds: 100
        )
    }

    @Test func `A status that is final stays`() {
        let null = RawJSON { $0.null() }
        let finals: [TaskRecord.Status] = [
            .completed(result: null), .failed(error: null), .cancelled,
        ]
        for status in finals {
            var task = record()
            let hasChanged = task.change(to: status, message: "done", atMilliseconds: 2_000)
            #expect(hasChanged)
            #expect(task.revision == 1)
            let ended = task
            for other in finals + [.working, .inputRequired(requests: null)] {
                let hasChanged = task.change(to: other, message: nil, atMilliseconds: 3_000)
                #expect(!hasChanged)
            }
            #expect(task == ended)
        }
    }

    @Test func `A task goes to and fro between working and waiting, and its time goes forward`() {
        var task = record()
        let questions = RawJSON { $0.null() }
        let asked = TaskRecord.Status.inputRequired(requests: questions)
        let steps: [(TaskRecord.Status, Int64)] = [
            (asked, 1_500), (.working, 1_400), (asked, 1_600),
        ]
        for (status, time) in steps {
            let hasChanged = task.change(to: status, message: nil, atMilliseconds: time)
            #expect(hasChanged)
        }
        #expect(task.updatedAtMilliseconds == 1_600)
        #expect(task.revision == 3)
        #expect(task.expiresAtMilliseconds == 1_500)
    }

    @Test func `What is said of a task is cut at its limit`() {
        for (count, kept) in [(1_024, 1_024), (1_025, 1_024)] {
            var task = record()
            let message = String(repeating: "é", count: count)
            _ = task.change(to: .working, message: message, atMilliseconds: 1_000)
            #expect(task.statusMessage?.unicodeScalars.count == kept)
        }
    }

    @Test func `A status is made again from its name and what it brings along, and no other`() {
        let json = RawJSON { $0.integer(7) }
        let statuses: [TaskRecord.Status] = [
            .working, .inputRequired(requests: json), .completed(result: json),
            .failed(error: json), .cancelled,
        ]
        for status in statuses {
            #expect(TaskRecord.Status(name: status.name, content: status.content) == status)
            let other = status.content == nil ? json : nil
            #expect(TaskRecord.Status(name: status.name, content: other) == nil)
        }
        #expect(TaskRecord.Status(name: "paused", content: nil) == nil)
    }

    @Test func `Ids are long, fit for fields and different`() {
        var generator = SystemRandomNumberGenerator()
        let ids = Set((0..<1_000).map { _ in TaskID(random: &generator) })
        #expect(ids.count == 1_000)
        for id in ids { #expect(id.text.utf8.count == 22) }
    }
}

@Suite("What a task asks (ext-tasks, Task Update Requests)")
struct TaskQuestionsTests {
    private let form = ElicitationForm([.text("name", lengthMax: 5)])

    private func question(_ key: String) -> InputRequest {
        .elicitation(key, message: "?", form: form)
    }

    private func answer(_ name: String) throws -> RawJSON {
        try RawJSON(parsing: #"{"action":"accept","content":{"name":"\#(name)"}}"#)
    }

    private func keys(_ questions: TaskQuestions) throws -> Set<String> {
        try JSONTree(questions.requests.description).names
    }

    @Test func `A round is over when each of its questions is answered, in whatever order`() throws
    {
        var questions = TaskQuestions()
        let round = questions.ask([question("a"), question("b")])
        #expect(try keys(questions) == ["a", "b"])
        let ada = try answer("ada")
        let bob = try answer("bob")
        let answered1 = try questions.receive(["b": bob])
        #expect(answered1.isEmpty)
        #expect(try keys(questions) == ["a"])
        let over = try questions.receive(["a": ada])
        #expect(over.map(\.number) == [round])
        #expect(over.first?.answers == [ada, bob])
        #expect(questions.isEmpty)
    }

    @Test func `A key is never used twice`() throws {
        var questions = TaskQuestions()
        _ = questions.ask([question("a")])
        _ = questions.ask([question("a")])
        #expect(try keys(questions) == ["a", "a-2"])
        let answered2 = try questions.receive(["a": try answer("ada")])
        #expect(answered2.count == 1)
        _ = questions.ask([question("a-2"), question("a")])
        #expect(try keys(questions) == ["a-2", "a-2-2", "a-3"])
    }

    @Test func `Answers to no open question are ignored`() throws {
        var questions = TaskQuestions()
        _ = questions.ask([question("a")])
        let answered3 = try questions.receive(["z": try answer("ada")])
        #expect(answered3.isEmpty)
        let answered4 = try questions.receive(["a": try answer("ada")])
        #expect(answered4.count == 1)
        let answered5 = try questions.receive(["a": try answer("bob")])
        #expect(answered5.isEmpty)
    }

    @Test func `An answer that is none to its question spoils the update, and nothing else`() throws
    {
        var questions = TaskQuestions()
        _ = questions.ask([question("a"), question("b")])
        let ada = try answer("ada")
        for bad in [try answer("too long"), try RawJSON(parsing: "7"), try RawJSON(parsing: "{}")] {
            var spoilt = questions
            #expect(throws: RPCError.self) { try spoilt.receive(["a": ada, "b": bad]) }
            #expect(spoilt.requests == questions.requests)
            #expect(try keys(questions) == ["a", "b"])
        }
        let declined = try RawJSON(parsing: #"{"action":"decline"}"#)
        let answered6 = try questions.receive(["a": ada, "b": declined])
        #expect(answered6.count == 1)
    }

    @Test func `A round that nobody waits for is asked no more`() throws {
        var questions = TaskQuestions()
        let round = questions.ask([question("a")])
        _ = questions.ask([question("b")])
        questions.withdraw(round)
        #expect(try keys(questions) == ["b"])
    }
}
