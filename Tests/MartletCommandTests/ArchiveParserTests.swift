import MartletCommand
import Testing
import Todos

@Suite("The lines of an archive")
struct ArchiveParserTests {
    private typealias Lines = ArchiveLines

    private static let defaults = ArchiveParser.Defaults(issuer: "i", subject: "s", now: 99)

    /// Parses lines one after the other; the last one counts.
    @discardableResult
    private func parse(
        _ lines: [String],
        _ defaults: ArchiveParser.Defaults? = nil
    ) throws(ArchiveLineError) -> TodoArchiveEntry? {
        var parser = ArchiveParser(fillingInFrom: defaults)
        var entry: TodoArchiveEntry?
        for line in lines {
            let bytes = Array(line.utf8)
            entry = try parser.parse(bytes.span)
        }
        return entry
    }

    private func error(
        _ line: String,
        after lines: [String] = [],
        _ defaults: ArchiveParser.Defaults? = nil
    ) -> ArchiveLineError? {
        do throws(ArchiveLineError) {
            try parse([Lines.header] + lines, defaults)
        } catch {
            Issue.record("\(error)")
        }
        do throws(ArchiveLineError) {
            try parse([Lines.header] + lines + [line], defaults)
            return nil
        } catch {
            return error
        }
    }

    @Test func `A to-do has everything that a store knows of it`() throws {
        let entry = try parse([Lines.header, Lines.todo(7, "é\\u00e9")])
        let todo = Todo(
            storedID: 7,
            title: "éé",
            isCompleted: false,
            createdBy: "ada",
            createdAt: 10,
            updatedAt: 20
        )
        #expect(entry == .todo(StoredTodo(todo, issuer: "https://a"), workspace: "default"))
        let end = try parse([Lines.header, Lines.end(of: "x", lastID: 9)])
        #expect(end == .end(workspace: "x", lastID: 9))
        #expect(try parse([Lines.header, Lines.end(todos: 0)]) == nil)
    }

    @Test(arguments: [
        "", "[]", "7", "{", #"{"workspace":"a"} x"#, #"{"workspace":7}"#,
        "{\"workspace\":\"\u{1}\"}",
    ])
    func `What is no object of an archive is refused`(line: String) {
        guard case .json = error(line) else {
            Issue.record("\(String(describing: error(line)))")
            return
        }
    }

    @Test func `Each member must be there, once, and be what it should`() {
        let todo = Lines.todo(1)
        for member in [
            "workspace", "id", "title", "completed", "created_by", "created_by_issuer",
            "created_at", "updated_at",
        ] {
            let renamed = todo.replacing("\"\(member)\":", with: "\"other\":")
            #expect(error(renamed) == .unknownMember("other"))
        }
        #expect(error(todo.replacing(#""completed":false,"#, with: "")) == .missing("completed"))
        #expect(error(todo.replacing(#""id":1,"#, with: "")) == .missing("id"))
        #expect(error(todo.replacing("}", with: #","id":1}"#)) == .repeatedMember("id"))
        #expect(error(Lines.todo(0)) == .outOfRange("id", 1...Int.max))
        #expect(error(todo.replacing(":10", with: ":-1")) != nil)
        #expect(error(todo.replacing(":10", with: ":1.5")) != nil)
        #expect(error(todo.replacing(":20", with: ":253402300800")) != nil)
        #expect(error(todo.replacing(":20", with: ":253402300799")) == nil)
        #expect(error(todo.replacing(":20", with: ":9")) == .updatedBeforeCreated)
        #expect(error(todo.replacing(#""id":1"#, with: #""id":99999999999999999999"#)) != nil)
    }

    @Test func `A title keeps its rules`() {
        #expect(error(Lines.todo(1, " ")) == .title(.empty))
        let long = String(repeating: "x", count: TodoTitle.characterCountMax)
        #expect(error(Lines.todo(1, long)) == nil)
        #expect(error(Lines.todo(1, long + "x")) == .title(.tooManyCharacters(count: 256)))
        #expect(error(Lines.todo(1, "a\\nb")) == .title(.refusedCharacter("\n")))
    }

    @Test(arguments: ["", "a b", "é", "a\\u0000"])
    func `A workspace's name is visible ASCII`(name: String) {
        guard case .workspace = error(Lines.todo(1, in: name)) else {
            Issue.record("\(String(describing: error(Lines.todo(1, in: name))))")
            return
        }
    }

    @Test func `Workspaces and ids that come out of order are refused, and those twice`() {
        let two = Lines.todo(2, in: "b")
        #expect(error(two, after: [two]) == .outOfOrder(workspace: "b", id: 2))
        #expect(error(Lines.todo(1, in: "b"), after: [two]) == .outOfOrder(workspace: "b", id: 1))
        #expect(error(Lines.todo(3, in: "a"), after: [two]) == .outOfOrder(workspace: "a", id: nil))
        #expect(error(Lines.todo(3, in: "B"), after: [two]) == .outOfOrder(workspace: "B", id: nil))
        let end = Lines.end(of: "b", lastID: 5)
        #expect(error(Lines.todo(3, in: "b"), after: [end]) == .outOfOrder(workspace: "b", id: 3))
        #expect(error(Lines.todo(1, in: "c"), after: [two, end]) == nil)
    }

    @Test func `The first line must be a header of this version, and the last come last`() {
        func first(_ line: String) -> ArchiveLineError? {
            do throws(ArchiveLineError) {
                try parse([line])
                return nil
            } catch {
                return error
            }
        }
        for line in [Lines.todo(1), "id,title", "\u{1F}\u{8B}", "[]"] {
            #expect(first(line) == .noHeader)
        }
        #expect(first(#"{"format":"x","version":1}"#) == .otherFormat("x"))
        #expect(first(#"{"format":"martlet-todos","version":2}"#) == .newerVersion(2))
        #expect(first(#"{"format":"martlet-todos"}"#) == .missing("version"))
        #expect(error(Lines.header) == .misplaced)
        #expect(error(Lines.todo(1), after: [Lines.end(todos: 0)]) == .misplaced)
        let wrong = error(Lines.end(todos: 2), after: [Lines.todo(1)])
        #expect(wrong == .wrongCount(stated: 2, found: 1))
    }

    @Test func `An archive without its last line was cut off`() throws {
        var parser = ArchiveParser(fillingInFrom: nil)
        #expect(!parser.isCutOff)
        for line in [Lines.header, Lines.todo(1)] {
            let bytes = Array(line.utf8)
            _ = try parser.parse(bytes.span)
            #expect(parser.isCutOff)
        }
        let end = Array(Lines.end(todos: 1).utf8)
        _ = try parser.parse(end.span)
        #expect(!parser.isCutOff)
    }

    @Test func `With new ids a workspace and a title are enough, in any order`() throws {
        var parser = ArchiveParser(fillingInFrom: Self.defaults)
        for name in ["b", "a", "b"] {
            let line = Array(#"{"title":"x","workspace":"\#(name)"}"#.utf8)
            let entry = try parser.parse(line.span)
            guard case .todo(let stored, name) = entry else {
                Issue.record("\(String(describing: entry))")
                continue
            }
            #expect(stored.issuer == "i")
            #expect(stored.todo.createdBy == "s")
            #expect(stored.todo.createdAt == 99)
            #expect(!stored.todo.isCompleted)
        }
        #expect(!parser.isCutOff)
        let missing = Array(#"{"title":"x"}"#.utf8)
        #expect(throws: ArchiveLineError.missing("workspace")) { try parser.parse(missing.span) }
    }

    @Test func `No line of random bytes, and none that was cut off, traps`() {
        var generator = SystemRandomNumberGenerator()
        let todo = Array(Lines.todo(1, "\\u00e9 \\\" x").utf8)
        for end in todo.indices {
            var parser = ArchiveParser(fillingInFrom: Self.defaults)
            let cut = Array(todo[..<end])
            #expect(throws: ArchiveLineError.self) { try parser.parse(cut.span) }
        }
        for _ in 0..<2_000 {
            var line = todo
            for _ in 0..<3 {
                line[Int.random(in: line.indices, using: &generator)] = .random(in: .min ... .max)
            }
            var parser = ArchiveParser(fillingInFrom: Self.defaults)
            do throws(ArchiveLineError) {
                _ = try parser.parse(line.span)
            } catch {
                #expect(!"\(error)".isEmpty)
            }
        }
    }
}
