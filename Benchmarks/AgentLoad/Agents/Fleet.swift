import Foundation
import Libuv

/// All agents on all their loops, ready to load the server as often as is wanted.
///
/// It blocks: used by one thread, which has nothing else to do.
public final class Fleet {
    /// What is told of a run once a second.
    public struct Progress: Sendable {
        /// Seconds of the window that are over.
        public let second: Int
        public let secondCount: Int
        public let interval: IntervalTally
        /// Calls that are due and wait for an agent.
        public let waitingCount: Int
        public let server: ProcessUse?
    }

    public let plan: LoadPlan

    /// Whether somebody has asked for an end (SIGINT): no further run is wanted.
    public private(set) var isInterrupted = false

    private let servers: [Int32]
    private let group: EventLoopGroup
    private let mailbox = Mailbox<(worker: Int, report: Worker.Report)>(countMax: 10_000_000)
    private var workers: [LoopBound<WorkerPlace>] = []

    /// Makes the agents, connects them, opens their sessions and lets each list the tools once.
    ///
    /// - Parameters:
    ///   - plan: Who they are.
    ///   - servers: The processes whose use is measured.
    /// - Throws: ``LoadError`` if one of them cannot.
    public init(_ plan: LoadPlan, watching servers: [Int32]) throws(LoadError) {
        self.plan = plan
        self.servers = servers
        SignalWatcher.ignoreBrokenPipes()
        let runName = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        do throws(LibuvError) {
            try DescriptorLimit.raise()
            group = try EventLoopGroup(count: plan.threadCount)
        } catch {
            throw .loop(error)
        }
        for (index, loop) in group.loops.enumerated() {
            let place = LoopBound(WorkerPlace(), on: loop)
            let mailbox = mailbox
            workers.append(place)
            place.run { place in
                place.open(index, plan, named: runName, on: loop) {
                    _ = mailbox.send((index, $0))
                }
            }
        }
        var preparedCount = 0
        while preparedCount < workers.count {
            for (_, report) in mailbox.receiveAll() ?? [] {
                switch report {
                case .prepared: preparedCount += 1
                case .cannotPrepare(let agent, let kind): throw .cannotPrepare(agent: agent, kind)
                case .cannotOpen(let error): throw error
                case .windowBegan, .interval, .finished, .interrupted: continue
                }
            }
        }
    }

    deinit {
        group.stop()
    }

    /// Loads the server.
    ///
    /// - Parameters:
    ///   - phase: How much, and for how long.
    ///   - progress: Called once a second.
    /// - Returns: What was measured.
    public func run(_ phase: LoadPhase, progress: (Progress) -> Void) -> Measurement {
        let start = MonotonicClock.nanoseconds() + 10_000_000
        for worker in workers { worker.run { $0.worker?.begin(phase, at: start) } }
        var gathering = Gathering(phase, workerCount: workers.count, startedAt: Date())
        while gathering.finishedCount < workers.count {
            for (_, report) in mailbox.receiveAll() ?? [] {
                switch report {
                case .windowBegan:
                    if gathering.isFirstToBegin() {
                        gathering.sample(servers)
                    }
                case .interval(let second, let interval, let waitingCount):
                    guard let whole = gathering.add(interval, second, waitingCount) else {
                        continue
                    }
                    gathering.sample(servers)
                    progress(gathering.progress(second, whole))
                case .interrupted:
                    isInterrupted = true
                    gathering.endWindow(nanoseconds: MonotonicClock.nanoseconds() - start)
                    endEarly()
                case .finished(let tally):
                    gathering.finish(tally)
                case .prepared, .cannotPrepare, .cannotOpen:
                    continue
                }
            }
        }
        return gathering.measurement()
    }

    /// Lets the run under way end before its time; it then returns what was measured so far.
    private func endEarly() {
        for worker in workers { worker.run { $0.worker?.endEarly() } }
    }
}
