internal import CLibuv

/// Accepts connections on one loop.
///
/// Not `Sendable`: made, used and closed on the loop's thread.
@safe
public final class Listener {
    private let handle: UnsafeMutablePointer<uv_stream_t>
    private let kind: ByteStream.Kind
    private let loop: EventLoop
    private let accept: (ByteStream) -> Void
    private let didFail: (LibuvError) -> Void
    private var isClosed = false

    /// Takes over a bound socket and listens.
    ///
    /// - Parameters:
    ///   - socket: Belongs to the listener from here on, whether this throws or not.
    ///   - loop: The loop whose thread calls this.
    ///   - backlog: Connections the kernel may hold until they are accepted.
    ///   - didFail: Told when a connection could not be accepted (no descriptors left, say); the
    ///     listener goes on.
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
        kind =
            switch socket.address {
            case .unix: .pipe
            default: .tcp
            }
        unsafe handle = ByteStream.makeHandle(of: kind, on: loop)
        let opened =
            switch kind {
            case .tcp:
                unsafe uv_tcp_open(
                    UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_tcp_t.self),
                    socket.descriptor
                )
            case .pipe:
                unsafe uv_pipe_open(
                    UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_pipe_t.self),
                    socket.descriptor
                )
            }
        // A descriptor that libuv did not take is not closed with the handle.
        if opened < 0 { socket.close() }
        // Safe: the retain is balanced by the close callback.
        unsafe handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
        do throws(LibuvError) {
            try check(opened, "use the socket of \(socket.address)")
            let status = unsafe uv_listen(handle, backlog, onConnection)
            try check(status, "listen on \(socket.address)")
        } catch {
            close()
            throw error
        }
    }

    /// Stops accepting; connections already accepted live on.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        unsafe uv_close(
            UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self),
            onListenerClosed
        )
    }

    fileprivate func didReceiveConnection(_ status: CInt) {
        guard status == 0 else {
            didFail(LibuvError("accept a connection", status: status))
            return
        }
        let stream = ByteStream(kind: kind, on: loop)
        let accepted = unsafe uv_accept(handle, stream.handle)
        guard accepted == 0 else {
            stream.close()
            didFail(LibuvError("accept a connection", status: accepted))
            return
        }
        accept(stream)
    }

    fileprivate func freeHandle() {
        unsafe UnsafeMutableRawPointer(handle).deallocate()
    }
}

private let onConnection: uv_connection_cb = { handle, status in
    guard let context = unsafe handle?.pointee.data else { return }
    // Safe: retained until the close callback.
    let listener = unsafe Unmanaged<Listener>.fromOpaque(context).takeUnretainedValue()
    listener.didReceiveConnection(status)
}

private let onListenerClosed: uv_close_cb = { handle in
    guard let context = unsafe handle?.pointee.data else { return }
    let listener = unsafe Unmanaged<Listener>.fromOpaque(context).takeRetainedValue()
    listener.freeHandle()
}
