import Testing
import Todos

@Suite("A to-do and its changes")
struct TodoTests {
    private func todo() throws -> Todo {
        Todo(id: 1, title: try TodoTitle("pay rent"), createdBy: "ada", createdAt: 100)
    }

    @Test func `A new to-do is open and was last changed when it was created`() throws {
        let todo = try todo()
        #expect(!todo.isCompleted)
        #expect(todo.createdAt == 100)
        #expect(todo.updatedAt == 100)
    }

    @Test func `Completing twice keeps the time of the first`() throws {
        var todo = try todo()
        todo.complete(at: 200)
        let first = todo
        todo.complete(at: 300)
        #expect(todo == first)
        #expect(todo.isCompleted)
        #expect(todo.updatedAt == 200)
    }

    @Test func `The same title again is no change`() throws {
        var todo = try todo()
        todo.rename(to: try TodoTitle(" pay rent "), at: 200)
        #expect(todo.updatedAt == 100)
        todo.rename(to: try TodoTitle("pay the rent"), at: 200)
        #expect(todo.title == "pay the rent")
        #expect(todo.updatedAt == 200)
    }

    @Test func `A clock set back never dates a change before the creation`() throws {
        var todo = try todo()
        todo.complete(at: 50)
        #expect(todo.updatedAt == 100)
    }

    @Test func `Writes of a kind share the spelling of their arguments only if they are equal`()
        throws
    {
        let one = try TodoTitle("1")
        let writes: [TodoWrite] = [
            .updateTitle(id: 1, title: one), .updateTitle(id: 11, title: one),
            .updateTitle(id: 1, title: try TodoTitle("1 1")),
            .updateTitle(id: 1, title: try TodoTitle("11")),
        ]
        #expect(Set(writes.map(\.arguments)).count == writes.count)
    }
}
