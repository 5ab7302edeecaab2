extension EventLoop {
    /// Lets some time pass.
    ///
    /// - Precondition: Called on the loop's thread.
    public func pause(
        milliseconds: UInt64,
        isolation: isolated (any Actor)? = #isolation
    ) async {
        await withCheckedContinuation(isolation: isolation) { waiter in
            var timer: OneShotTimer?
            timer = OneShotTimer(on: self) {
                timer?.close()
                timer = nil
                waiter.resume()
            }
            timer?.start(afterMilliseconds: milliseconds)
        }
    }
}
