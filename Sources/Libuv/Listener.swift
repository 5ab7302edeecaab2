internal import CLibuv
internal import Glibc

/// Accepts connections on one loop.
///
/// Not `Sendable`: made, used and closed on the loop's thread.
///
/// It accepts by itself rather than through `uv_listen`, because of what happens when the process
/// has no descriptor left. libuv then gives up a spare one to accept and close the newcomer; but
/// when two loops compete for it, one may lose its spare for good and spin over a connection that it
/// can neither accept nor forget. This listener has a spare too, and rests when even that is gone.
@safe
public final class Listener {
    /// Connections accepted before others of the loop get their turn.
    private static let acceptCountMax = 64

    /// How long a listener without any descriptor rests.
    private static let restMilliseconds: UInt64 = 100

    /// A failure is reported once in so long a time, however many connections it costs.
    private static let reportIntervalMilliseconds: UInt64 = 1_000

    private let handle: UnsafeMutablePointer<uv_poll_t>
    private let kind: ByteStream.Kind
    private let loop: EventLoop
    private let descriptor: CInt
    private let accept: (ByteStream) -> Void
    private let didFail: (LibuvError) -> Void

    /// Open so that it can be closed, to accept and refuse a connection when nothing else is left.
    private var spare: CInt?
    private var rest: Ticker?
    private var reportedAtMilliseconds: UInt64?
    private var isClosed = false

    /// Whether other processes accept from the socket too, or will.
    ///
    /// Becomes so when the socket is handed over.
    public var isShared: Bool

    /// Takes over a bound socket and listens.
    ///
    /// - Parameters:
    ///   - socket: Belongs to the listener from here on, whether this throws or not.
    ///   - loop: The loop whose thread calls this.
    ///   - backlog: Connections the kernel may hold until they are accepted.
    ///   - didFail: Told, at most once a second, when connections could not be accepted (no
    ///     descriptors left, say); they are closed, and the listener goes on.
    ///   - accept: Given each connection, not yet reading.
    /// - Throws: ``LibuvError`` when the socket cannot listen.
    public init(
        _ socket: ListeningSocket,
        on loop: EventLoop,
        backlog: Int32,
        didFail: @escaping (LibuvError) -> Void,
        accept: @escaping (ByteStream) -> Void
    ) throws(LibuvError) {
        loop.checkIsolated()
        self.loop = loop
        self.accept = accept
        self.didFail = didFail
        descriptor = socket.descriptor
        isShared = socket.isShared
        kind =
            switch socket.address {
            case .unix: .pipe
            default: .tcp
            }
        unsafe handle = .allocate(capacity: 1)
        let watched = unsafe uv_poll_init(loop.handle, handle, socket.descriptor)
        if watched < 0 {
            socket.close()
            unsafe handle.deallocate()
            throw LibuvError("use the socket of \(socket.address)", status: watched)
        }
        // Safe: the retain is balanced by the close callback.
        unsafe handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
        do throws(LibuvError) {
            try checkSystemCall(
                Glibc.listen(socket.descriptor, backlog),
                "listen on \(socket.address)"
            )
            try watch()
        } catch {
            close()
            throw error
        }
        spare = openSpare()
        // libuv opens a descriptor of its own with a loop's first stream. Now, so that what a server
        // holds open does not grow with its first connection.
        ByteStream(kind: kind, on: loop).close()
    }

    /// Lets no connection begin, and goes on accepting those that have begun.
    ///
    /// Closing a socket resets the connections that wait to be accepted, whose clients may have sent
    /// a request already. From here on the kernel ignores clients that begin: they repeat it after a
    /// second, and are refused once the socket is closed.
    ///
    /// Does nothing to a socket that others accept from, nor to one of the file system, where a
    /// connection begins and waits in the same moment.
    public func refuseNewcomers() {
        guard !isClosed, !isShared, kind == .tcp else { return }
        // Without the filter a few connections are lost, as they would be by closing at once.
        _ = clibuv_drop_handshakes(descriptor)
    }

    /// Accepts whatever waits, and stops; connections already accepted live on.
    ///
    /// What waits at a socket that others accept from is left to them.
    public func acceptRestAndClose() {
        while !isClosed, !isShared, acceptSome() {}
        close()
    }

    /// Stops accepting at once; connections already accepted live on.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        rest?.close()
        rest = nil
        if let spare { _ = Glibc.close(spare) }
        spare = nil
        unsafe uv_close(
            UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self),
            onListenerClosed
        )
        // libuv lets go of it in `uv_close`, so that clients are refused from here on.
        _ = Glibc.close(descriptor)
    }

    private func watch() throws(LibuvError) {
        let events = CInt(bitPattern: UV_READABLE.rawValue)
        try check(unsafe uv_poll_start(handle, events, onConnection), "watch a listening socket")
    }

    fileprivate func didBecomeReadable() {
        _ = acceptSome()
    }

    /// - Returns: Whether there may be more that wait.
    private func acceptSome() -> Bool {
        var acceptedCount = 0
        while !isClosed, acceptedCount < Self.acceptCountMax {
            let accepted = clibuv_accept(descriptor)
            if accepted >= 0 {
                acceptedCount += 1
                take(accepted)
                continue
            }
            switch errno {
            case EAGAIN: return false
            case EINTR, ECONNABORTED: continue
            case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                report(LibuvError("accept a connection", status: uv_translate_sys_error(errno)))
                guard refuseOne() else {
                    pause()
                    return false
                }
                acceptedCount += 1
            default:
                report(LibuvError("accept a connection", status: uv_translate_sys_error(errno)))
                pause()
                return false
            }
        }
        return !isClosed
    }

    private func take(_ accepted: CInt) {
        let stream = ByteStream(kind: kind, on: loop)
        let opened = stream.open(accepted)
        guard opened == 0 else {
            _ = Glibc.close(accepted)
            stream.close()
            report(LibuvError("use an accepted connection", status: opened))
            return
        }
        accept(stream)
    }

    /// Accepts one connection with the spare descriptor and closes it.
    ///
    /// The client learns at once that there is no room, instead of waiting for nobody.
    ///
    /// - Returns: `false` if there was no spare, or another loop was quicker to use it.
    private func refuseOne() -> Bool {
        guard let spare else { return false }
        _ = Glibc.close(spare)
        let accepted = clibuv_accept(descriptor)
        if accepted >= 0 { _ = Glibc.close(accepted) }
        self.spare = openSpare()
        return accepted >= 0
    }

    private func openSpare() -> CInt? {
        let opened = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        return opened >= 0 ? opened : nil
    }

    /// Looks away for a moment: the connection would be reported again at once, and for ever.
    private func pause() {
        guard !isClosed, rest == nil else { return }
        _ = unsafe uv_poll_stop(handle)
        rest = Ticker(on: loop, everyMilliseconds: Self.restMilliseconds) { [weak self] in
            self?.resume()
        }
    }

    private func resume() {
        rest?.close()
        rest = nil
        guard !isClosed else { return }
        if spare == nil { spare = openSpare() }
        do throws(LibuvError) {
            try watch()
        } catch {
            report(error)
            pause()
        }
    }

    private func report(_ error: LibuvError) {
        let now = loop.monotonicMilliseconds
        if let last = reportedAtMilliseconds, now - last < Self.reportIntervalMilliseconds {
            return
        }
        reportedAtMilliseconds = now
        didFail(error)
    }

    fileprivate func freeHandle() {
        unsafe handle.deallocate()
    }
}

private let onConnection: uv_poll_cb = { handle, _, _ in
    guard let context = unsafe handle?.pointee.data else { return }
    // Safe: retained until the close callback.
    let listener = unsafe Unmanaged<Listener>.fromOpaque(context).takeUnretainedValue()
    listener.didBecomeReadable()
}

private let onListenerClosed: uv_close_cb = { handle in
    guard let context = unsafe handle?.pointee.data else { return }
    let listener = unsafe Unmanaged<Listener>.fromOpaque(context).takeRetainedValue()
    listener.freeHandle()
}
