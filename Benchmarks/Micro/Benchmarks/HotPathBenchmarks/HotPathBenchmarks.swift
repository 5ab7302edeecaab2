import Benchmark
import HotPaths

// What one iteration of each hot path takes, in time: for comparing before and after on one machine.
// What may fail a build are the instruction counts of the same paths (`Benchmarks/instructions`).
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .throughput],
        warmupIterations: 3,
        maxDuration: .seconds(2)
    )
    let runner: HotPathRunner
    do {
        runner = try HotPathRunner()
    } catch {
        fatalError("cannot measure: \(error)")
    }
    for path in HotPath.all {
        // As many as the gate counts make one iteration: the way to the loop is then a small part.
        Benchmark("\(path.name), × \(path.countedIterations)") { benchmark in
            try await withTaskExecutorPreference(runner.executor) {
                try await runner.prepare(path)
                try await runner.run(1)
                benchmark.startMeasurement()
                for _ in benchmark.scaledIterations {
                    try await runner.run(path.countedIterations)
                }
                benchmark.stopMeasurement()
            }
        }
    }
}
