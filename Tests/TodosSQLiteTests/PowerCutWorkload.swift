import Todos
import TodosSQLite

/// Writes to a store until its power is cut, and what may be found of them afterwards.
///
/// The seed decides the writes. How many of them share a transaction is up to the machine.
struct PowerCutWorkload {
    /// What a to-do may look like.
    enum State: Hashable {
        case absent
        case present(title: String, isCompleted: Bool)
    }

    private struct Write: Sendable {
        let number: Int
        let write: TodoWrite
        let expected: State
    }

    private static let roundCount = 12
    private static let writeCountMax = 6

    /// By number: the states in which a to-do may be found.
    ///
    /// An acknowledged write leaves one; one that is neither acknowledged nor known to have failed
    /// adds one.
    private(set) var states: [Int: Set<State>] = [:]
    private(set) var acknowledgedCount = 0
    private var ids: [Int: Int64] = [:]
    private var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    /// The numbers of all to-dos whose addition was asked for.
    var numbers: [Int] { states.keys.sorted() }

    /// Long enough that a page of the database holds few and a workload fills several.
    static func title(_ number: Int) -> String {
        "\(number) " + String(repeating: "x", count: 40 * (number % 6))
    }

    static func key(_ number: Int) -> String { "key-\(number)" }

    /// Sends rounds of writes at once, until there are enough or a write fails.
    mutating func run(on store: SQLiteTodoStore) async throws {
        for _ in 0..<Self.roundCount {
            let writes = try nextRound()
            let results = await Self.apply(writes, to: store)
            for (write, todo) in zip(writes, results) {
                guard let todo else {
                    states[write.number, default: [.absent]].insert(write.expected)
                    continue
                }
                states[write.number] = [write.expected]
                ids[write.number] = todo.id
                acknowledgedCount += 1
            }
            if results.contains(nil) { return }
        }
    }

    /// What is wrong with the list found after the power came back; empty if nothing is.
    func faults(in todos: [Todo]) -> [String] {
        var faults: [String] = []
        var found: [Int: State] = [:]
        for todo in todos {
            guard let number = Int(todo.title.prefix { $0.isNumber }) else {
                faults.append("nobody sent \(todo.title)")
                continue
            }
            let state = State.present(title: todo.title, isCompleted: todo.isCompleted)
            if found.updateValue(state, forKey: number) != nil { faults.append("\(number) twice") }
        }
        for (number, possible) in states where !possible.contains(found[number] ?? .absent) {
            faults.append("\(number) is \(found[number] ?? .absent), not one of \(possible)")
        }
        for number in found.keys where states[number] == nil { faults.append("\(number) is new") }
        return faults
    }

    /// Additions, and changes of to-dos that are known to be there; each to-do at most once.
    private mutating func nextRound() throws -> [Write] {
        var known = ids.keys.sorted().filter { states[$0] != [.absent] }
        var writes: [Write] = []
        var nextNumber = states.count
        for _ in 0..<Int.random(in: 1...Self.writeCountMax, using: &random) {
            if known.count > 2, Int.random(in: 0..<3, using: &random) == 0 {
                let number = known.remove(at: Int.random(in: known.indices, using: &random))
                if let id = ids[number], let state = states[number]?.first {
                    writes.append(try change(number, id, from: state))
                }
            } else {
                let title = Self.title(nextNumber)
                writes.append(
                    Write(
                        number: nextNumber,
                        write: .add(title: try TodoTitle(title)),
                        expected: .present(title: try TodoTitle(title).text, isCompleted: false)
                    )
                )
                nextNumber += 1
            }
        }
        return writes
    }

    private mutating func change(
        _ number: Int,
        _ id: Int64,
        from state: State
    ) throws -> Write {
        guard case .present(let title, let isCompleted) = state else {
            return Write(number: number, write: .delete(id: id), expected: .absent)
        }
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            return Write(
                number: number,
                write: .complete(id: id),
                expected: .present(title: title, isCompleted: true)
            )
        case 1:
            let renamed = try TodoTitle("\(number) renamed")
            return Write(
                number: number,
                write: .updateTitle(id: id, title: renamed),
                expected: .present(title: renamed.text, isCompleted: isCompleted)
            )
        default:
            return Write(number: number, write: .delete(id: id), expected: .absent)
        }
    }

    /// The to-do of each write, in the same order; `nil` where the write was not acknowledged.
    private static func apply(_ writes: [Write], to store: SQLiteTodoStore) async -> [Todo?] {
        await withTaskGroup(of: (Int, Todo?).self) { group in
            for (index, write) in writes.enumerated() {
                group.addTask {
                    let key =
                        if case .add = write.write { key(write.number) } else { nil as String? }
                    do {
                        return (index, try await store.apply(write.write, key: key).todo)
                    } catch {
                        return (index, nil)
                    }
                }
            }
            return await group.reduce(into: Array(repeating: nil, count: writes.count)) {
                $0[$1.0] = $1.1
            }
        }
    }
}
