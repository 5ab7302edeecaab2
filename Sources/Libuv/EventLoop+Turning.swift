internal import CLibuv

// A loop without a thread: whoever owns it decides when time passes for it.
extension EventLoop {
    /// Runs one turn on the calling thread, and waits for nothing.
    ///
    /// Between two turns the loop is nobody's: what is left for it then is left as by another thread.
    ///
    /// - Precondition: Neither ``run()`` nor ``end()`` has been called, nor does a turn call this.
    package func turn() {
        enter()
        defer { leave() }
        _ = unsafe uv_run(handle, UV_RUN_NOWAIT)
    }

    /// Gives back descriptors and buffers of a loop that was turned; what it was left is not done.
    ///
    /// - Returns: `false` if something is open on the loop, which then keeps all it has.
    /// - Precondition: Called once, instead of ``run()``.
    package func end() -> Bool {
        enter()
        defer { leave() }
        return close()
    }
}
