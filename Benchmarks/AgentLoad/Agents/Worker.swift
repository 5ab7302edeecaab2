import Bytes
import CTimer
import Glibc
import Histogram
import Libuv

/// The agents of one loop, and what they measure.
///
/// Not `Sendable`: it belongs to its loop's thread. What it has to say goes to whoever runs it.
final class Worker {
    /// What the worker tells whoever runs it.
    enum Report: Sendable {
        case prepared
        case cannotOpen(LoadError)
        case cannotPrepare(agent: Int, FailureKind)
        case windowBegan
        case interval(second: Int, IntervalTally, waitingCount: Int)
        case interrupted
        case finished(Tally)
    }

    private enum Event {
        case attempt(agent: Int)
        case begin(agent: Int)
        case windowBegin
        case free(agent: Int)
        case preparationEnd
        case second(Int)
        case windowEnd
        case drainEnd
    }

    private enum Stage {
        case idle
        case preparing(remaining: Int, next: Int)
        case loading(Loading)
    }

    /// A phase under way.
    private final class Loading {
        let phase: LoadPhase
        let windowBegin: UInt64
        let windowEnd: UInt64
        let scheduleBegin: UInt64
        var schedule: ArrivalSchedule?
        var board: CallBoard
        var isWindowOver = false

        /// When the next call of an open loop is due; `max` if there is none.
        var nextDueAt = UInt64.max

        init(_ phase: LoadPhase, at start: UInt64, board: CallBoard) {
            self.phase = phase
            self.board = board
            scheduleBegin = start
            windowBegin = start + phase.warmUpNanoseconds
            windowEnd = windowBegin + phase.windowNanoseconds
        }

        func setNextDueAt() {
            guard let schedule else { return }
            let dueAt = scheduleBegin + schedule.next
            nextDueAt = dueAt < windowEnd ? dueAt : .max
        }
    }

    /// How many agents get ready at a time.
    private static let preparationCountMax = 64

    private static let retryDelayNanoseconds: UInt64 = 100_000_000

    /// What an agent rests after a call that failed, lest failures make the only load there is.
    private static let restNanoseconds: UInt64 = 10_000_000

    let plan: LoadPlan
    let loop: EventLoop
    let runName: String
    let renewalMarginSeconds: Int64
    var tally = Tally()

    /// Where requests are written before they are sent.
    var scratch = ByteBuffer()

    /// What the response being looked at says.
    var retryAfterSeconds: Int?

    private let index: Int
    private let report: (Report) -> Void
    private var agents: [Agent] = []
    private var stage = Stage.idle
    private var events = DueQueue<Event>()
    private var inFlightCount = 0
    private var interval = IntervalTally()
    private var generator: SeededGenerator
    private let timer: CInt
    private var timerWatcher: DescriptorWatcher?
    private var interruption: SignalWatcher?
    private var timerDueAt: UInt64 = .max
    private var isBeginning = false

    /// - Throws: ``LoadError`` when the process is out of descriptors.
    init(
        _ index: Int,
        of plan: LoadPlan,
        named runName: String,
        on loop: EventLoop,
        reportingTo report: @escaping (Report) -> Void
    ) throws(LoadError) {
        self.index = index
        self.plan = plan
        self.runName = runName
        self.loop = loop
        self.report = report
        generator = SeededGenerator(seed: plan.seed &+ UInt64(index) &* 7_919)
        switch plan.mint {
        case .signing(let signing): renewalMarginSeconds = min(30, signing.lifetimeSeconds / 10)
        case .given: renewalMarginSeconds = 0
        }
        timer = ctimer_create()
        guard timer >= 0 else { throw .noTimer(errno: errno) }
        do throws(LibuvError) {
            timerWatcher = try DescriptorWatcher(timer, on: loop) { [unowned self] _ in
                timerDidFire()
            }
            try timerWatcher?.watch(for: .readable)
            if index == 0 {
                interruption = try SignalWatcher(.interrupt, on: loop) { [unowned self] in
                    self.report(.interrupted)
                }
            }
        } catch {
            throw .loop(error)
        }
        for number in stride(from: index, to: plan.agentCount, by: plan.threadCount) {
            guard let profile = plan.profile(of: number) else { continue }
            agents.append(Agent(number, profile, of: self))
        }
    }

    /// Lets every agent connect, open its session and ask once, some at a time.
    func prepare() {
        let first = min(Self.preparationCountMax, agents.count)
        stage = .preparing(remaining: agents.count, next: first)
        if agents.isEmpty { return finishPreparing() }
        let now = MonotonicClock.nanoseconds()
        events.insert(.preparationEnd, dueAt: now + plan.timeoutNanoseconds)
        for agent in agents[..<first] { beginPreparing(agent) }
        armTimer()
    }

    private func beginPreparing(_ agent: Agent) {
        inFlightCount += 1
        agent.begin(.listTools, dueAt: MonotonicClock.nanoseconds(), isPreparation: true)
    }

    private func finishPreparing() {
        stage = .idle
        report(.prepared)
    }

    /// Begins to load the server, at a time of the monotonic clock that all workers are given.
    func begin(_ phase: LoadPhase, at start: UInt64) {
        tally = Tally()
        interval = IntervalTally()
        events.removeAll()
        let loading = Loading(phase, at: start, board: CallBoard(free: agents.indices))
        switch phase.loop {
        case .open(let rate, let spacing):
            loading.schedule = ArrivalSchedule(
                ratePerSecond: rate / Double(plan.threadCount),
                rampNanoseconds: phase.rampNanoseconds,
                spacing: spacing,
                phase: Double(index) / Double(plan.threadCount),
                seed: plan.seed &+ UInt64(index)
            )
        case .closed:
            for agent in agents.indices {
                let share = Double(agent) / Double(agents.count)
                let delay = UInt64(Double(phase.rampNanoseconds) * share)
                events.insert(.begin(agent: agent), dueAt: start + delay)
            }
        }
        loading.setNextDueAt()
        events.insert(.windowBegin, dueAt: loading.windowBegin)
        events.insert(.second(0), dueAt: loading.windowBegin + 1_000_000_000)
        // After the last second, which ends with the window.
        events.insert(.windowEnd, dueAt: loading.windowEnd + 1)
        events.insert(.drainEnd, dueAt: loading.windowEnd + phase.drainNanoseconds)
        stage = .loading(loading)
        armTimer()
    }

    /// Lets no further call begin; the answers under way are waited for.
    func endEarly() {
        guard case .loading(let loading) = stage, !loading.isWindowOver else { return }
        endWindow()
        later(.drainEnd, at: MonotonicClock.nanoseconds() + loading.phase.drainNanoseconds)
    }

    // What time brings.

    private func timerDidFire() {
        var expirationCount: UInt64 = 0
        _ = read(timer, &expirationCount, MemoryLayout<UInt64>.size)
        timerDueAt = .max
        turn()
        armTimer()
    }

    /// Does everything that is due.
    private func turn() {
        let now = MonotonicClock.nanoseconds()
        while let event = events.removeFirst(dueBy: now) { happen(event, now) }
        beginDueCalls()
    }

    private func happen(_ event: Event, _ now: UInt64) {
        switch event {
        case .attempt(let index):
            agents[index].attempt()
        case .begin(let index):
            beginClosedCall(of: index, now)
        case .free(let index):
            release(index)
        case .preparationEnd:
            guard case .preparing = stage, let agent = agents.first(where: { $0.call != nil })
            else {
                return
            }
            stage = .idle
            report(.cannotPrepare(agent: agent.number, .timeout))
        case .windowBegin:
            report(.windowBegan)
        case .second(let second):
            endSecond(second, now)
        case .windowEnd:
            // What was due until now is late and not left out.
            beginDueCalls()
            endWindow()
        case .drainEnd:
            endDrain()
        }
    }

    /// Begins the calls of an open loop whose time has come.
    private func beginDueCalls() {
        guard case .loading(let loading) = stage, !isBeginning else { return }
        isBeginning = true
        defer { isBeginning = false }
        while !loading.isWindowOver, loading.nextDueAt <= MonotonicClock.nanoseconds() {
            let dueAt = loading.nextDueAt
            loading.schedule?.advance()
            loading.setNextDueAt()
            if let index = loading.board.arrive(dueAt: dueAt) { begin(agents[index], dueAt: dueAt) }
        }
    }

    private func beginClosedCall(of index: Int, _ now: UInt64) {
        guard case .loading(let loading) = stage, !loading.isWindowOver else { return }
        begin(agents[index], dueAt: now)
    }

    private func begin(_ agent: Agent, dueAt: UInt64) {
        inFlightCount += 1
        agent.begin(agent.profile.operations.choose(using: &generator), dueAt: dueAt)
    }

    private func endSecond(_ second: Int, _ now: UInt64) {
        guard case .loading(let loading) = stage else { return }
        report(.interval(second: second, interval, waitingCount: loading.board.waitingCount))
        interval = IntervalTally()
        for agent in agents {
            guard let call = agent.call, call.begunAt + plan.timeoutNanoseconds < now else {
                continue
            }
            agent.abandon(.timeout)
        }
        let next = loading.windowBegin + UInt64(second + 2) * 1_000_000_000
        if next <= loading.windowEnd { events.insert(.second(second + 1), dueAt: next) }
    }

    private func endWindow() {
        guard case .loading(let loading) = stage, !loading.isWindowOver else { return }
        loading.isWindowOver = true
        finishIfQuiet()
    }

    /// Ends the phase with whatever is not answered.
    private func endDrain() {
        guard case .loading(let loading) = stage else { return }
        let abandoned = loading.board.abandonWaiting().filter { $0 >= loading.windowBegin }
        tally.noteNeverBegun(count: abandoned.count)
        for agent in agents { agent.abandon(.unanswered) }
        finishIfQuiet()
    }

    private func finishIfQuiet() {
        guard case .loading(let loading) = stage, loading.isWindowOver, inFlightCount == 0,
            loading.board.waitingCount == 0
        else { return }
        stage = .idle
        events.removeAll()
        report(.finished(tally))
    }

    /// Lets the timer fire when the next thing is due.
    private func armTimer() {
        var dueAt = events.first ?? .max
        if case .loading(let loading) = stage, !loading.isWindowOver {
            dueAt = min(dueAt, loading.nextDueAt)
        }
        guard dueAt < timerDueAt else { return }
        timerDueAt = dueAt
        let status = ctimer_set(timer, max(1, dueAt))
        precondition(status == 0, "a timer can be set")
    }

    // What agents tell.

    func didFinish(_ call: Call, _ outcome: Tally.Outcome, by agent: Agent) {
        inFlightCount -= 1
        let now = MonotonicClock.nanoseconds()
        switch stage {
        case .idle:
            return
        case .preparing:
            didPrepare(agent, outcome)
        case .loading(let loading):
            note(call, outcome, now, loading)
            loadFurther(place(of: agent), after: outcome, now)
            finishIfQuiet()
            beginDueCalls()
        }
    }

    private func place(of agent: Agent) -> Int {
        agent.number / plan.threadCount
    }

    private func note(_ call: Call, _ outcome: Tally.Outcome, _ now: UInt64, _ loading: Loading) {
        let microseconds = (now - min(now, call.dueAt)) / 1_000
        if (loading.windowBegin..<loading.windowEnd).contains(call.dueAt), !call.isPreparation {
            tally.note(outcome, of: call.operation, microseconds: microseconds)
        }
        guard (loading.windowBegin..<loading.windowEnd).contains(now) else { return }
        switch outcome {
        case .succeeded:
            interval.succeeded += 1
            interval.latencies.record(microseconds)
        case .refused: interval.refused += 1
        case .failed: interval.failed += 1
        }
    }

    /// Gives an agent that has ended a call the next one, or lets it rest.
    private func loadFurther(_ index: Int, after outcome: Tally.Outcome, _ now: UInt64) {
        guard case .loading(let loading) = stage else { return }
        switch loading.phase.loop {
        case .open:
            guard outcome == .succeeded else {
                return later(.free(agent: index), at: now + Self.restNanoseconds)
            }
            release(index)
        case .closed(let think):
            guard !loading.isWindowOver else { return }
            if outcome == .succeeded, think == 0 { return begin(agents[index], dueAt: now) }
            let pause = UInt64(Double(think) * generator.nextExponential())
            later(
                .begin(agent: index),
                at: now + (outcome == .succeeded ? pause : max(pause, Self.restNanoseconds))
            )
        }
    }

    private func later(_ event: Event, at time: UInt64) {
        events.insert(event, dueAt: time)
        armTimer()
    }

    /// Lets an agent take the call that has waited longest, or be free.
    private func release(_ index: Int) {
        guard case .loading(let loading) = stage,
            let dueAt = loading.board.release(index)
        else { return }
        begin(agents[index], dueAt: dueAt)
    }

    private func didPrepare(_ agent: Agent, _ outcome: Tally.Outcome) {
        guard case .preparing(let remaining, let next) = stage else { return }
        switch outcome {
        case .succeeded: break
        case .refused(let kind), .failed(let kind):
            stage = .idle
            return report(.cannotPrepare(agent: agent.number, kind))
        }
        guard remaining > 1 else { return finishPreparing() }
        guard next < agents.count else {
            stage = .preparing(remaining: remaining - 1, next: next)
            return
        }
        stage = .preparing(remaining: remaining - 1, next: next + 1)
        beginPreparing(agents[next])
    }

    /// Notes that an attempt is made again, later.
    func retry(_ agent: Agent, _ kind: FailureKind, at time: UInt64) {
        tally.noteRetry(kind)
        interval.retried += 1
        later(.attempt(agent: place(of: agent)), at: time)
    }

    /// How long to wait before the next attempt: as long as the server says, or a tenth of a second,
    /// with some chance in it, so that not all come again at once.
    func retryDelayNanoseconds(for kind: FailureKind) -> UInt64 {
        var delay = Self.retryDelayNanoseconds
        if case .status = kind, let seconds = retryAfterSeconds {
            delay = UInt64(clamping: min(seconds, 3_600)) * 1_000_000_000
        }
        return UInt64(Double(delay) * Double.random(in: 0.75...1.25, using: &generator))
    }

    /// Where an agent's connections come from.
    func sourceAddress(of agent: Int) -> SocketAddress? {
        guard plan.sourceAddressCount > 0, case .ipv4 = plan.address else { return nil }
        let number = agent % plan.sourceAddressCount
        return .ipv4(host: "127.0.\(1 + number / 250).\(1 + number % 250)", port: 0)
    }
}

/// Where a loop keeps its worker, which can only be made there.
final class WorkerPlace {
    private(set) var worker: Worker?

    /// Makes the worker and lets its agents get ready.
    func open(
        _ index: Int,
        _ plan: LoadPlan,
        named runName: String,
        on loop: EventLoop,
        _ report: @escaping (Worker.Report) -> Void
    ) {
        do throws(LoadError) {
            let worker = try Worker(index, of: plan, named: runName, on: loop, reportingTo: report)
            self.worker = worker
            worker.prepare()
        } catch {
            report(.cannotOpen(error))
        }
    }
}
