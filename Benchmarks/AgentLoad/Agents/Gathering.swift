import Foundation
import Histogram

/// What a run measured.
public struct Measurement: Sendable {
    /// One second of the window.
    public struct Second: Sendable {
        public let interval: IntervalTally
        public let server: ProcessUse?
    }

    public let startedAt: Date
    public let phase: LoadPhase
    public let tally: Tally
    public let seconds: [Second]

    /// Of the window as a whole.
    public let server: ProcessUse?

    /// The most memory that the servers had at the end of a second, in bytes.
    public let residentBytesMax: Int

    /// What this process used itself: near a core for each thread, it is what is slowest.
    public let own: ProcessUse?

    public init(
        startedAt: Date,
        phase: LoadPhase,
        tally: Tally,
        seconds: [Second] = [],
        server: ProcessUse? = nil,
        residentBytesMax: Int = 0,
        own: ProcessUse? = nil
    ) {
        self.startedAt = startedAt
        self.phase = phase
        self.tally = tally
        self.seconds = seconds
        self.server = server
        self.residentBytesMax = residentBytesMax
        self.own = own
    }
}

/// What processes used between two samples.
public struct ProcessUse: Sendable {
    public let userSeconds: Double
    public let kernelSeconds: Double
    public let wallSeconds: Double
    public let residentBytes: Int

    init(from first: TimedSample, to last: TimedSample) {
        userSeconds = last.sample.userSeconds - first.sample.userSeconds
        kernelSeconds = last.sample.kernelSeconds - first.sample.kernelSeconds
        wallSeconds = Double(last.takenAt - first.takenAt) / 1e9
        residentBytes = last.sample.residentBytes
    }

    /// - Returns: `nil` if there are no two samples.
    init?(over samples: [TimedSample]) {
        guard let first = samples.first, let last = samples.last, samples.count > 1 else {
            return nil
        }
        self.init(from: first, to: last)
    }

    public var processorSeconds: Double { userSeconds + kernelSeconds }

    /// How many cores were busy.
    public var coreCount: Double { wallSeconds > 0 ? processorSeconds / wallSeconds : 0 }
}

struct TimedSample: Sendable {
    let takenAt: UInt64
    let sample: ProcessSample

    init(of processes: [Int32]) {
        sample = ProcessSample.of(processes)
        takenAt = MonotonicClock.nanoseconds()
    }
}

/// Puts together what the workers say of one run.
struct Gathering {
    private var phase: LoadPhase
    private let workerCount: Int
    private let startedAt: Date
    private var tally = Tally()
    private(set) var finishedCount = 0
    private var hasBegun = false
    private var samples: [TimedSample] = []
    private var ownSamples: [TimedSample] = []
    private var unfinished: [Int: (tally: IntervalTally, waitingCount: Int, workerCount: Int)] = [:]
    private var intervals: [IntervalTally] = []

    init(_ phase: LoadPhase, workerCount: Int, startedAt: Date) {
        self.phase = phase
        self.workerCount = workerCount
        self.startedAt = startedAt
    }

    /// Notes that the run ends before its time, so long after it began.
    mutating func endWindow(nanoseconds: UInt64) {
        let length = nanoseconds - min(nanoseconds, phase.warmUpNanoseconds)
        phase.windowNanoseconds = min(phase.windowNanoseconds, max(1, length))
    }

    /// Whether the window has begun just now.
    mutating func isFirstToBegin() -> Bool {
        defer { hasBegun = true }
        return !hasBegun
    }

    /// Looks at the servers, if there are any to be looked at, and at this process.
    mutating func sample(_ processes: [Int32]) {
        ownSamples.append(TimedSample(of: [getpid()]))
        if !processes.isEmpty { samples.append(TimedSample(of: processes)) }
    }

    /// Adds what one worker saw in a second.
    ///
    /// - Returns: What all of them saw, once the last has said it, and how many calls wait.
    mutating func add(
        _ interval: IntervalTally,
        _ second: Int,
        _ waitingCount: Int
    ) -> (tally: IntervalTally, waitingCount: Int)? {
        var entry = unfinished[second] ?? (IntervalTally(), 0, 0)
        entry.tally.add(interval)
        entry.waitingCount += waitingCount
        entry.workerCount += 1
        guard entry.workerCount == workerCount else {
            unfinished[second] = entry
            return nil
        }
        unfinished[second] = nil
        intervals.append(entry.tally)
        return (entry.tally, entry.waitingCount)
    }

    func progress(
        _ second: Int,
        _ whole: (tally: IntervalTally, waitingCount: Int)
    ) -> Fleet.Progress {
        Fleet.Progress(
            second: second + 1,
            secondCount: Int(phase.windowNanoseconds / 1_000_000_000),
            interval: whole.tally,
            waitingCount: whole.waitingCount,
            server: use(ofSecond: intervals.count - 1)
        )
    }

    mutating func finish(_ tally: Tally) {
        self.tally.add(tally)
        finishedCount += 1
    }

    func measurement() -> Measurement {
        Measurement(
            startedAt: startedAt,
            phase: phase,
            tally: tally,
            seconds: intervals.indices.map { second in
                Measurement.Second(interval: intervals[second], server: use(ofSecond: second))
            },
            server: ProcessUse(over: samples),
            residentBytesMax: samples.map(\.sample.residentBytes).max() ?? 0,
            own: ProcessUse(over: ownSamples)
        )
    }

    /// Between the sample at a second's begin and that at its end, if there are both.
    private func use(ofSecond second: Int) -> ProcessUse? {
        guard second >= 0, second + 1 < samples.count else { return nil }
        return ProcessUse(from: samples[second], to: samples[second + 1])
    }
}
