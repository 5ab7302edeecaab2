internal import CLibuv
internal import Glibc

/// A UNIX signal delivered as a call on a loop, never in a signal handler.
///
/// Not `Sendable`: made and used on the loop's thread.
@safe
public final class SignalWatcher {
    /// The signals a server answers to.
    public enum Signal: Sendable {
        case interrupt, terminate, hangUp

        var number: CInt {
            switch self {
            case .interrupt: SIGINT
            case .terminate: SIGTERM
            case .hangUp: SIGHUP
            }
        }
    }

    private let handle: UnsafeMutablePointer<uv_signal_t>
    private let receive: () -> Void
    private var isClosed = false

    /// Calls `receive` for every `signal` until ``close()``.
    ///
    /// - Throws: ``LibuvError`` when the process is out of file descriptors.
    public init(
        _ signal: Signal,
        on loop: EventLoop,
        _ receive: @escaping () -> Void
    ) throws(LibuvError) {
        loop.checkIsolated()
        self.receive = receive
        unsafe handle = .allocate(capacity: 1)
        let status = unsafe uv_signal_init(loop.handle, handle)
        if status < 0 {
            unsafe handle.deallocate()
            throw LibuvError("watch for signal \(signal.number)", status: status)
        }
        // Safe: the retain is balanced by the close callback.
        unsafe handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
        let started = unsafe uv_signal_start(handle, onSignal, signal.number)
        unsafe uv_unref(UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self))
        if started < 0 {
            close()
            throw LibuvError("watch for signal \(signal.number)", status: started)
        }
    }

    /// Makes a write to a closed connection an error instead of the end of the process.
    public static func ignoreBrokenPipes() {
        _ = Glibc.signal(SIGPIPE, SIG_IGN)
    }

    public func close() {
        guard !isClosed else { return }
        isClosed = true
        unsafe uv_close(
            UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self),
            onSignalWatcherClosed
        )
    }

    fileprivate func didReceive() {
        if !isClosed { receive() }
    }

    fileprivate func freeHandle() {
        unsafe handle.deallocate()
    }
}

private let onSignal: uv_signal_cb = { handle, _ in
    guard let context = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<SignalWatcher>.fromOpaque(context).takeUnretainedValue().didReceive()
}

private let onSignalWatcherClosed: uv_close_cb = { handle in
    guard let context = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<SignalWatcher>.fromOpaque(context).takeRetainedValue().freeHandle()
}
