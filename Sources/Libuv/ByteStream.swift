internal import CLibuv

/// What a connection tells its owner, always on the loop's thread.
public protocol ByteStreamHandler: AnyObject {
    /// Bytes arrived. They lie in the loop's shared buffer and are gone when this returns.
    func didRead(_ bytes: borrowing Span<UInt8>)

    /// The peer will send no more; it may still read.
    func didReachEnd()

    /// All that was queued has been taken by the kernel.
    func didDrain()

    /// Something that was queued has been taken by the kernel, and something is left.
    func didDrainPartly()

    /// The connection failed and is of no further use but to be closed.
    func didFail(_ error: LibuvError)

    /// The connection is closed and its memory freed; the last call.
    func didClose()
}

extension ByteStreamHandler {
    public func didDrainPartly() {}
}

/// A connected socket on one loop.
///
/// Not `Sendable`: made and used on the loop's thread only. Reads lend the loop's one receive
/// buffer, so an idle connection owns none. Writes go to the kernel at once as far as it takes
/// them; the rest is queued, and ``queuedByteCount`` tells the owner when to stop producing.
@safe
public final class ByteStream {
    enum Kind {
        case tcp, pipe
    }

    private enum State {
        case open, closing
    }

    let handle: UnsafeMutablePointer<uv_stream_t>
    private let loop: EventLoop
    private let kind: Kind
    private var state = State.open

    /// Bytes accepted by ``write(_:)`` that the kernel has not taken yet.
    ///
    /// A property of its own for others: one that is stored where they can see it is checked for
    /// exclusive access each time they look.
    public var queuedByteCount: Int {
        @inline(never)
        get { waitingByteCount }
    }

    private var waitingByteCount = 0

    /// Told of everything that happens; let go of when the stream has closed.
    public var handler: (any ByteStreamHandler)?

    init(kind: Kind, on loop: EventLoop) {
        self.loop = loop
        self.kind = kind
        unsafe handle = Self.makeHandle(of: kind, on: loop)
        // Safe: the retain is balanced by the close callback.
        unsafe handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
    }

    /// Takes over the descriptor of an accepted connection.
    ///
    /// - Returns: libuv's status; if it is negative the descriptor is still the caller's.
    func open(_ descriptor: CInt) -> CInt {
        switch kind {
        case .tcp:
            unsafe uv_tcp_open(
                UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_tcp_t.self),
                descriptor
            )
        case .pipe:
            unsafe uv_pipe_open(
                UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_pipe_t.self),
                descriptor
            )
        }
    }

    /// Whether the other end is on this machine for certain: a UNIX domain socket.
    public var isLocal: Bool { kind == .pipe }

    /// Lets bytes come.
    ///
    /// - Throws: ``LibuvError`` if the connection has failed meanwhile.
    public func startReading() throws(LibuvError) {
        guard state == .open else { return }
        let status = unsafe uv_read_start(handle, onAllocate, onRead)
        // Already reading is what was asked for.
        if status == UV_EALREADY.rawValue { return }
        try check(status, "read from a connection")
    }

    /// Lets the peer wait; TCP flow control tells it.
    public func pauseReading() {
        guard state == .open else { return }
        _ = unsafe uv_read_stop(handle)
    }

    /// Sends bytes after all that was written before.
    ///
    /// - Throws: ``LibuvError`` if the connection has failed; nothing more can be sent then.
    public func write(_ bytes: borrowing Span<UInt8>) throws(LibuvError) {
        guard state == .open, !bytes.isEmpty else { return }
        var writtenCount = 0
        if waitingByteCount == 0 {
            let result = unsafe bytes.withUnsafeBufferPointer { bytes in
                var buffer = unsafe uv_buf_t(
                    base: UnsafeMutableRawPointer(mutating: bytes.baseAddress)?
                        .assumingMemoryBound(to: CChar.self),
                    len: bytes.count
                )
                return unsafe uv_try_write(handle, &buffer, 1)
            }
            if result == UV_EAGAIN.rawValue {
                writtenCount = 0
            } else {
                try check(result, "write to a connection")
                writtenCount = Int(result)
            }
        }
        if writtenCount < bytes.count {
            try queue(bytes.extracting(writtenCount...))
        }
    }

    /// Tells the peer that nothing more follows, once all that is queued is sent.
    public func finishWriting() {
        guard state == .open else { return }
        let request = UnsafeMutablePointer<uv_shutdown_t>.allocate(capacity: 1)
        let status = unsafe uv_shutdown(request, handle, onShutdown)
        if status < 0 { unsafe request.deallocate() }
    }

    /// Closes at once; what is queued is lost.
    ///
    /// The handler hears ``ByteStreamHandler/didClose()`` in a later turn, and nothing else.
    public func close() {
        guard state == .open else { return }
        state = .closing
        unsafe uv_close(
            UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self),
            onStreamClosed
        )
    }

    /// The peer's IP address, or `nil` on a UNIX domain socket or after a disconnect.
    public var peerAddress: PeerAddress? {
        guard kind == .tcp, state == .open else { return nil }
        return unsafe PeerAddress(
            of: UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_tcp_t.self)
        )
    }

    /// Copies what the kernel did not take; the request and its bytes are one allocation.
    private func queue(_ bytes: borrowing Span<UInt8>) throws(LibuvError) {
        let count = bytes.count
        let headerSize = unsafe MemoryLayout<uv_write_t>.stride
        let memory = unsafe UnsafeMutableRawPointer.allocate(
            byteCount: headerSize + count,
            alignment: MemoryLayout<uv_write_t>.alignment
        )
        let request = unsafe memory.bindMemory(to: uv_write_t.self, capacity: 1)
        let copy = unsafe memory + headerSize
        let target = unsafe UnsafeMutableRawBufferPointer(start: copy, count: count)
        unsafe bytes.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
        var buffer = unsafe uv_buf_t(base: copy.assumingMemoryBound(to: CChar.self), len: count)
        // The callback learns the size from here: `data` is the owner's to use.
        unsafe request.pointee.data = UnsafeMutableRawPointer(bitPattern: count)
        let status = unsafe uv_write(request, handle, &buffer, 1, onWritten)
        if status < 0 {
            unsafe memory.deallocate()
            throw LibuvError("write to a connection", status: status)
        }
        waitingByteCount += count
        loop.didQueue(count)
    }

    static func makeHandle(
        of kind: Kind,
        on loop: EventLoop
    ) -> UnsafeMutablePointer<uv_stream_t> {
        let status: CInt
        let memory: UnsafeMutableRawPointer
        switch kind {
        case .tcp:
            let handle = UnsafeMutablePointer<uv_tcp_t>.allocate(capacity: 1)
            status = unsafe uv_tcp_init(loop.handle, handle)
            unsafe memory = UnsafeMutableRawPointer(handle)
        case .pipe:
            let handle = UnsafeMutablePointer<uv_pipe_t>.allocate(capacity: 1)
            status = unsafe uv_pipe_init(loop.handle, handle, 0)
            unsafe memory = UnsafeMutableRawPointer(handle)
        }
        precondition(status == 0, "initializing a handle without a descriptor cannot fail")
        return unsafe memory.assumingMemoryBound(to: uv_stream_t.self)
    }

    fileprivate var receiveBuffer: UnsafeMutableRawBufferPointer {
        unsafe loop.receiveBuffer
    }

    fileprivate func didRead(_ result: Int) {
        guard state == .open, let handler else { return }
        switch result {
        case 1...:
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: receiveBuffer[..<result])
            let typed = unsafe bytes.assumingMemoryBound(to: UInt8.self)
            // Safe: nothing else writes the shared buffer before the handler returns.
            handler.didRead(unsafe typed.span)
        case 0:
            return
        case Int(UV_EOF.rawValue):
            _ = unsafe uv_read_stop(handle)
            handler.didReachEnd()
        default:
            handler.didFail(LibuvError("read from a connection", status: CInt(result)))
        }
    }

    fileprivate func didWrite(_ count: Int, status: CInt) {
        waitingByteCount -= count
        loop.didQueue(-count)
        guard state == .open, let handler else { return }
        if status < 0 {
            handler.didFail(LibuvError("write to a connection", status: status))
        } else if waitingByteCount == 0 {
            handler.didDrain()
        } else {
            handler.didDrainPartly()
        }
    }

    fileprivate func didClose() {
        unsafe UnsafeMutableRawPointer(handle).deallocate()
        handler?.didClose()
        handler = nil
    }
}

// libuv calls back on the loop's thread, where the stream lives; its data is retained until the
// close callback.

private let onAllocate: uv_alloc_cb = { handle, _, buffer in
    guard let shared = unsafe handle?.pointee.loop.pointee.data, let buffer = unsafe buffer else {
        return
    }
    unsafe buffer.pointee.base = shared.assumingMemoryBound(to: CChar.self)
    unsafe buffer.pointee.len = EventLoop.receiveBufferByteCount
}

private let onRead: uv_read_cb = { handle, result, _ in
    guard let context = unsafe handle?.pointee.data else { return }
    let stream = unsafe Unmanaged<ByteStream>.fromOpaque(context).takeUnretainedValue()
    stream.didRead(result)
}

private let onWritten: uv_write_cb = { request, status in
    guard let request = unsafe request else { return }
    let count = unsafe Int(bitPattern: request.pointee.data)
    let context = unsafe request.pointee.handle?.pointee.data
    unsafe UnsafeMutableRawPointer(request).deallocate()
    guard let context = unsafe context else { return }
    let stream = unsafe Unmanaged<ByteStream>.fromOpaque(context).takeUnretainedValue()
    stream.didWrite(count, status: status)
}

private let onShutdown: uv_shutdown_cb = { request, _ in
    unsafe request?.deallocate()
}

private let onStreamClosed: uv_close_cb = { handle in
    guard let context = unsafe handle?.pointee.data else { return }
    let stream = unsafe Unmanaged<ByteStream>.fromOpaque(context).takeRetainedValue()
    stream.didClose()
}
