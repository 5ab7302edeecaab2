internal import CLibuv

/// Tells when a descriptor that belongs to somebody else can be read or written.
///
/// Not `Sendable`: made and used on the loop's thread. It lives until ``close()``, which must come
/// before the descriptor is closed.
@safe
public final class DescriptorWatcher {
    /// What a descriptor is ready for.
    public struct Readiness: OptionSet, Sendable {
        public let rawValue: UInt8

        public static let readable = Readiness(rawValue: 1 << 0)
        public static let writable = Readiness(rawValue: 1 << 1)

        /// The kernel reports an error, which the next read or write will name.
        ///
        /// Told whether it was asked for or not.
        public static let failed = Readiness(rawValue: 1 << 2)

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }
    }

    private let handle: UnsafeMutablePointer<uv_poll_t>
    private let didBecomeReady: (Readiness) -> Void
    private var interest: Readiness = []
    private var isClosed = false

    /// Watches for nothing yet.
    ///
    /// - Throws: ``LibuvError`` when the kernel cannot watch the descriptor, or the loop already does.
    public init(
        _ descriptor: CInt,
        on loop: EventLoop,
        _ didBecomeReady: @escaping (Readiness) -> Void
    ) throws(LibuvError) {
        loop.checkIsolated()
        self.didBecomeReady = didBecomeReady
        unsafe handle = .allocate(capacity: 1)
        let status = unsafe uv_poll_init(loop.handle, handle, descriptor)
        if status < 0 {
            unsafe handle.deallocate()
            throw LibuvError("watch a descriptor", status: status)
        }
        // Safe: the retain is balanced by the close callback.
        unsafe handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
    }

    /// Tells of this from now on, as long as it is so, instead of what was asked for before.
    ///
    /// - Throws: ``LibuvError`` when the kernel refuses.
    public func watch(for interest: Readiness) throws(LibuvError) {
        guard !isClosed else { return }
        self.interest = interest
        try check(start(), "watch a descriptor")
    }

    /// Lets go of the descriptor, at once.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        unsafe uv_close(
            UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self),
            onDescriptorWatcherClosed
        )
    }

    private func start() -> CInt {
        var events: UInt32 = 0
        if interest.contains(.readable) { events |= UV_READABLE.rawValue }
        if interest.contains(.writable) { events |= UV_WRITABLE.rawValue }
        return unsafe uv_poll_start(handle, CInt(bitPattern: events), onReady)
    }

    fileprivate func didPoll(status: CInt, events: CInt) {
        guard !isClosed else { return }
        if status < 0 {
            // Whatever can be read or written still can; the attempt brings the error to light.
            didBecomeReady(interest.union(.failed))
            // libuv has stopped to watch. Who has not closed this watcher still wants to know.
            if !isClosed { _ = start() }
            return
        }
        var readiness: Readiness = []
        let events = UInt32(bitPattern: events)
        if events & UV_READABLE.rawValue != 0 { readiness.insert(.readable) }
        if events & UV_WRITABLE.rawValue != 0 { readiness.insert(.writable) }
        didBecomeReady(readiness)
    }

    fileprivate func freeHandle() {
        unsafe handle.deallocate()
    }
}

private let onReady: uv_poll_cb = { handle, status, events in
    guard let context = unsafe handle?.pointee.data else { return }
    // Safe: retained until the close callback.
    let watcher = unsafe Unmanaged<DescriptorWatcher>.fromOpaque(context).takeUnretainedValue()
    watcher.didPoll(status: status, events: events)
}

private let onDescriptorWatcherClosed: uv_close_cb = { handle in
    guard let context = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<DescriptorWatcher>.fromOpaque(context).takeRetainedValue().freeHandle()
}
