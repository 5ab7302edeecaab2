extension EventLoop {
    /// Starts a task that runs on this loop, at once, up to its first suspension.
    ///
    /// The task never leaves the loop's thread, so `owned` need not be `Sendable`: all that `body`
    /// awaits must be isolated to this loop or resume through it.
    ///
    /// - Precondition: Called on the loop's thread.
    @discardableResult
    public func startTask<Owned: AnyObject>(
        with owned: Owned,
        _ body: @escaping @Sendable (Owned) async -> Void
    ) -> Task<Void, Never> {
        checkIsolated()
        // Safe: the caller is on the loop's thread and the task runs there only, by its executor
        // preference, so `owned` passes between jobs of one thread. The retain here is balanced by
        // the task, which always starts.
        let address = unsafe UInt(bitPattern: Unmanaged.passRetained(owned).toOpaque())
        return Task.immediate(executorPreference: self) {
            guard let context = unsafe UnsafeRawPointer(bitPattern: address) else { return }
            let owned = unsafe Unmanaged<Owned>.fromOpaque(context).takeRetainedValue()
            await body(owned)
        }
    }
}
