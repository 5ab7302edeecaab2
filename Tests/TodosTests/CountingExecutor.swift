import Synchronization

/// Runs every job at once, where it was enqueued; enough for one caller at a time.
final class CountingExecutor: SerialExecutor {
    private let count = Atomic(0)

    var jobCount: Int { count.load(ordering: .relaxed) }

    func enqueue(_ job: consuming ExecutorJob) {
        count.add(1, ordering: .relaxed)
        // Safe: the tests' only task awaits each call, so that no two jobs run at once.
        unsafe UnownedJob(job).runSynchronously(on: asUnownedSerialExecutor())
    }
}
