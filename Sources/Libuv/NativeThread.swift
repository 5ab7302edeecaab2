internal import CLibuv
internal import Synchronization

/// A thread of our own, for a loop or for a library that blocks.
@safe
public final class NativeThread: Sendable {
    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    private let id: uv_thread_t
    private let isJoined = Atomic<Bool>(false)

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: At most 15 bytes are shown by `ps -L` and `perf`.
    ///   - body: What the thread runs; the thread ends when it returns.
    /// - Throws: ``LibuvError`` when the system refuses another thread.
    public init(name: String, _ body: @escaping @Sendable () -> Void) throws(LibuvError) {
        let start = Start(name: name, body: body)
        // Safe: retained here, released by the thread that takes it over, or below if none starts.
        let context = unsafe Unmanaged.passRetained(start)
        var id = uv_thread_t()
        let status = unsafe uv_thread_create(&id, onThreadStart, context.toOpaque())
        self.id = id
        if status < 0 {
            unsafe context.release()
            throw LibuvError("start thread \(name)", status: status)
        }
    }

    /// Waits for the thread's end.
    ///
    /// - Precondition: Called once, by another thread.
    public func join() {
        precondition(!isJoined.exchange(true, ordering: .relaxed), "a thread is joined once")
        var id = id
        let status = unsafe uv_thread_join(&id)
        precondition(status == 0, "a thread cannot wait for itself")
    }

    /// What the system calls this process.
    public static var processID: Int { Int(uv_os_getpid()) }

    /// Has the calling thread wait.
    ///
    /// - Precondition: Not called on a loop's thread.
    public static func pause(milliseconds: UInt32) {
        precondition(EventLoop.current == nil, "a loop does not wait")
        uv_sleep(milliseconds)
    }

    private static func run(_ start: Start) {
        // The kernel keeps 15 bytes.
        _ = unsafe String(start.name.prefix(15)).withCString { unsafe clibuv_name_thread($0) }
        start.body()
    }

    fileprivate static func run(context: UnsafeMutableRawPointer) {
        // Safe: balances the retain in `init`.
        run(unsafe Unmanaged<Start>.fromOpaque(context).takeRetainedValue())
    }
}

private let onThreadStart: uv_thread_cb = { context in
    guard let context = unsafe context else { return }
    unsafe NativeThread.run(context: context)
}
