internal import Glibc

/// Runs every job on a thread of its own, so that a test may block.
///
/// The threads of the global pool are as few as the processor's cores: a test that blocked one would
/// keep other tests, and the children of its own task, from running.
public final class ThreadExecutor: TaskExecutor {
    public static let shared = ThreadExecutor()

    private final class Work {
        let job: UnownedJob

        init(_ job: UnownedJob) {
            self.job = job
        }
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        // Safe: the thread takes over the retain.
        let context = unsafe Unmanaged.passRetained(Work(UnownedJob(job))).toOpaque()
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread,
            nil,
            { context in
                guard let context = unsafe context else { return nil }
                let work = unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
                unsafe work.job.runSynchronously(on: ThreadExecutor.shared.asUnownedTaskExecutor())
                return nil
            },
            context
        )
        precondition(status == 0, "no thread for a job")
        _ = pthread_detach(thread)
    }
}

/// Runs `body` where it may block.
public func onThreads(_ body: () async throws -> Void) async throws {
    try await withTaskExecutorPreference(ThreadExecutor.shared) { try await body() }
}
