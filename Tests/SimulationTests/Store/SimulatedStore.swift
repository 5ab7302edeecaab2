import ProtocolTestSupport
import Synchronization
import Todos

/// A store that answers when the simulation lets it, or fails, and remembers what it has done.
///
/// What it keeps is in a ``MemoryTodoStore``; what must be in there is in its ``StoreTruth``.
final class SimulatedStore: TodoStore {
    /// A call that waits for moves to pass.
    private struct Waiting {
        var moveCount: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var generator: SeededGenerator
        var weather: StoreWeather
        var waiting: [Waiting] = []
        var callCount = 0

        /// Whether the run is over: nobody waits any longer.
        var isOver = false
    }

    /// Longer than any run.
    private static let never = Int.max

    private let state: Mutex<State>
    private let memory = MemoryTodoStore()
    private let known = Mutex(StoreTruth())
    private let trace: Trace

    init(_ scenario: Scenario, _ trace: Trace) {
        state = Mutex(
            State(
                generator: SeededGenerator(seed: scenario.seed ^ 0x570_2E),
                weather: scenario.weather
            )
        )
        self.trace = trace
    }

    /// What the store has done and said so far.
    func truth<Value: Sendable>(_ body: (inout sending StoreTruth) -> sending Value) -> Value {
        known.withLock { body(&$0) }
    }

    /// Calls that have not been answered.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    func setWeather(_ weather: StoreWeather) {
        state.withLock { $0.weather = weather }
    }

    /// A move has passed.
    func advance() {
        resume { $0.moveCount <= 0 }
    }

    /// Answers all who still wait, as the run is over.
    func close() {
        state.withLock { $0.isOver = true }
        resume { _ in true }
    }

    private func resume(where isDue: (Waiting) -> Bool) {
        let due = state.withLock { state in
            for index in state.waiting.indices where state.waiting[index].moveCount != Self.never {
                state.waiting[index].moveCount -= 1
            }
            let due = state.waiting.filter(isDue)
            state.waiting.removeAll(where: isDue)
            return due
        }
        for waiting in due { waiting.continuation.resume() }
    }

    private func wait(_ moveCount: Int) async {
        guard moveCount > 0 else { return }
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver {
                    state.waiting.append(Waiting(moveCount: moveCount, continuation: continuation))
                }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    /// - Returns: The number of a call that begins, and what will become of it.
    private func begin(_ name: String, isWrite: Bool) -> (Int, StoreFate) {
        let (number, fate) = state.withLock { state in
            state.callCount += 1
            return (
                state.callCount,
                StoreFate(of: isWrite, in: state.weather, using: &state.generator)
            )
        }
        trace.note("store \(number) \(name): \(fate)")
        return (number, fate)
    }

    func apply(
        _ request: TodoWriteRequest
    ) async throws(TodoStoreError) -> TodoWriteResult {
        let (number, fate) = begin(WriteIdentity(request).text, isWrite: true)
        known.withLock { $0.begin(number, request) }
        await wait(fate.delay)
        switch fate.ending {
        case .done:
            let result = try await carryOut(request, number)
            await wait(fate.lag)
            known.withLock { $0.answer(number, .result(result)) }
            return result
        case .unavailable:
            known.withLock { $0.answer(number, .unavailable) }
            throw .unavailable(reason: "the simulation says so")
        case .failed:
            known.withLock { $0.answer(number, .failed) }
            throw .failed(reason: "the simulation says so")
        case .unconfirmed(let isDone):
            if isDone { _ = try await carryOut(request, number) }
            await wait(fate.lag)
            known.withLock { $0.answer(number, .unconfirmed) }
            throw .unconfirmed(reason: "the simulation says so")
        case .silence(let isDone):
            if isDone { _ = try await carryOut(request, number) }
            await wait(Self.never)
            throw .unconfirmed(reason: "the simulation is over")
        }
    }

    private func carryOut(
        _ request: TodoWriteRequest,
        _ number: Int
    ) async throws(TodoStoreError) -> TodoWriteResult {
        let result: TodoWriteResult
        do throws(TodoStoreError) {
            result = try await memory.apply(request)
        } catch {
            known.withLock { $0.answer(number, .keyReused) }
            throw error
        }
        known.withLock { $0.apply(number, request, result) }
        trace.note("store \(number) has done it\(result.isReplay ? " before" : "")")
        return result
    }

    func page(
        _ query: TodoQuery,
        in workspace: String
    ) async throws(TodoStoreError) -> TodoPage {
        try await read("page of \(workspace)") { () async throws(TodoStoreError) in
            try await self.memory.page(query, in: workspace)
        }
    }

    func todo(_ id: Int64, in workspace: String) async throws(TodoStoreError) -> Todo? {
        try await read("\(id) of \(workspace)") { () async throws(TodoStoreError) in
            try await self.memory.todo(id, in: workspace)
        }
    }

    func generation(ofWorkspace workspace: String) -> UInt64? {
        memory.generation(ofWorkspace: workspace)
    }

    private func read<Value>(
        _ name: String,
        _ body: () async throws(TodoStoreError) -> Value
    ) async throws(TodoStoreError) -> Value {
        let (_, fate) = begin(name, isWrite: false)
        await wait(fate.delay)
        switch fate.ending {
        case .done:
            let value = try await body()
            await wait(fate.lag)
            return value
        case .unavailable, .unconfirmed:
            throw .unavailable(reason: "the simulation says so")
        case .failed:
            throw .failed(reason: "the simulation says so")
        case .silence:
            await wait(Self.never)
            throw .unavailable(reason: "the simulation is over")
        }
    }
}
