internal import CLibuv

/// A timer that fires once for each time it is started.
///
/// Not `Sendable`: made and used on the loop's thread. It lives until ``close()``.
@safe
public final class OneShotTimer {
    private let handle: UnsafeMutablePointer<uv_timer_t>
    private let fire: () -> Void
    private var isClosed = false

    public init(on loop: EventLoop, _ fire: @escaping () -> Void) {
        loop.checkIsolated()
        self.fire = fire
        unsafe handle = .allocate(capacity: 1)
        let status = unsafe uv_timer_init(loop.handle, handle)
        precondition(status == 0, "initializing a timer cannot fail")
        // Safe: the retain is balanced by the close callback.
        unsafe handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
    }

    /// Fires once after so long a time, instead of when it would have fired.
    ///
    /// The time counts from the beginning of the loop's turn. Zero fires in the next turn, never in
    /// this call.
    public func start(afterMilliseconds milliseconds: UInt64) {
        guard !isClosed else { return }
        let status = unsafe uv_timer_start(handle, onFire, milliseconds, 0)
        precondition(status == 0, "a timer with a callback starts")
    }

    public func stop() {
        guard !isClosed else { return }
        _ = unsafe uv_timer_stop(handle)
    }

    public func close() {
        guard !isClosed else { return }
        isClosed = true
        unsafe uv_close(
            UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self),
            onOneShotTimerClosed
        )
    }

    fileprivate func didFire() {
        if !isClosed { fire() }
    }

    fileprivate func freeHandle() {
        unsafe handle.deallocate()
    }
}

private let onFire: uv_timer_cb = { handle in
    guard let context = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<OneShotTimer>.fromOpaque(context).takeUnretainedValue().didFire()
}

private let onOneShotTimerClosed: uv_close_cb = { handle in
    guard let context = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<OneShotTimer>.fromOpaque(context).takeRetainedValue().freeHandle()
}
