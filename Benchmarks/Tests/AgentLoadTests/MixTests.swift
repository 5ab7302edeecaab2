import AgentLoad
import Testing

@Suite("Mix")
struct MixTests {
    @Test func `A mix is read with its weights, and a name alone weighs one`() throws {
        let mix = try Mix<Operation>("list_todos=8,add_todo,tools/list=1")
        #expect(mix.parts.map(\.choice) == [.listTodos, .addTodo, .listTools])
        #expect(mix.parts.map(\.weight) == [8, 1, 1])
        #expect("\(mix)" == "list_todos=8,add_todo=1,tools/list=1")
    }

    @Test(arguments: [
        ("list_tods=1", MixMistake.unknownName("list_tods")),
        ("", .unknownName("")),
        ("ping,ping=2", .twice("ping")),
        ("ping=x", .badWeight(name: "ping")),
        ("ping=-1", .badWeight(name: "ping")),
        ("ping=1000001", .badWeight(name: "ping")),
        ("ping=0", .nothing),
    ])
    func `What is no mix is refused with its reason`(text: String, mistake: MixMistake) {
        #expect(throws: mistake) { try Mix<Operation>(text) }
    }

    @Test func `Of as many places as the weights add up to, each choice has its weight`() throws {
        let roles = try Mix<Role>("admin=1,user=8,readonly=1")
        let chosen = (0..<20).map { roles[$0] }
        #expect(chosen.filter { $0 == .admin }.count == 2)
        #expect(chosen.filter { $0 == .user }.count == 16)
        #expect(chosen.filter { $0 == .readonly }.count == 2)
    }

    @Test func `Choices at random come as often as their weights say`() throws {
        let mix = try Mix<Operation>("list_todos=3,add_todo=1")
        var generator = SeededGenerator(seed: 3)
        let chosen = (0..<10_000).map { _ in mix.choose(using: &generator) }
        let listCount = chosen.filter { $0 == .listTodos }.count
        #expect((7_300...7_700).contains(listCount))
    }

    @Test func `A role and an era leave of the mix what they allow`() throws {
        let mix = try Mix<Operation>("add_todo=5,list_todos=1,ping=1,delete_todo=1,forbidden=1")
        func left(_ role: Role, _ era: Era) -> [Operation]? {
            mix.filter { $0.isPossible(for: role, in: era) }?.parts.map(\.choice)
        }
        #expect(left(.readonly, .modern) == [.listTodos, .forbidden])
        #expect(left(.user, .legacy) == [.addTodo, .listTodos, .ping, .forbidden])
        #expect(left(.admin, .modern) == [.addTodo, .listTodos, .deleteTodo])
        let writes = try Mix<Operation>("add_todo")
        #expect(writes.filter { $0.isPossible(for: .readonly, in: .modern) } == nil)
    }

    @Test(arguments: [
        ("250us", 250_000), ("5ms", 5_000_000), ("1.5s", 1_500_000_000), ("2m", 120_000_000_000),
        ("1h", 3_600_000_000_000), ("0", 0), ("0s", 0),
    ])
    func `A length of time is read with its unit`(text: String, nanoseconds: UInt64) {
        #expect(TimeSpan(text)?.nanoseconds == nanoseconds)
    }

    @Test(arguments: ["", "5", "s", "-1s", "1d", "5 ms", "1e3s", "99999999h", "1..2s"])
    func `What has no unit or is too long is no length of time`(text: String) {
        #expect(TimeSpan(text) == nil)
    }
}
