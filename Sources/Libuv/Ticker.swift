internal import CLibuv

/// A loop's one timer, from which all deadlines are served.
///
/// Not `Sendable`: made and used on the loop's thread.
@safe
public final class Ticker {
    private let handle: UnsafeMutablePointer<uv_timer_t>
    private let tick: () -> Void
    private var isClosed = false

    /// Calls `tick` every `milliseconds` until ``close()``.
    public init(
        on loop: EventLoop,
        everyMilliseconds milliseconds: UInt64,
        _ tick: @escaping () -> Void
    ) {
        loop.checkIsolated()
        self.tick = tick
        unsafe handle = .allocate(capacity: 1)
        let status = unsafe uv_timer_init(loop.handle, handle)
        // Safe: the retain is balanced by the close callback.
        unsafe handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
        let started = unsafe uv_timer_start(handle, onTick, milliseconds, milliseconds)
        precondition(status == 0 && started == 0, "a timer with a callback starts")
    }

    public func close() {
        guard !isClosed else { return }
        isClosed = true
        unsafe uv_close(
            UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self),
            onTickerClosed
        )
    }

    fileprivate func didTick() {
        if !isClosed { tick() }
    }

    fileprivate func freeHandle() {
        unsafe handle.deallocate()
    }
}

private let onTick: uv_timer_cb = { handle in
    guard let context = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<Ticker>.fromOpaque(context).takeUnretainedValue().didTick()
}

private let onTickerClosed: uv_close_cb = { handle in
    guard let context = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<Ticker>.fromOpaque(context).takeRetainedValue().freeHandle()
}
