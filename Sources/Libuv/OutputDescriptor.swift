internal import Glibc

/// A file descriptor that text is written to, on a thread that may block.
public struct OutputDescriptor: Sendable {
    private let descriptor: CInt

    public static let standardOutput = OutputDescriptor(STDOUT_FILENO)
    public static let standardError = OutputDescriptor(STDERR_FILENO)

    /// Bytes that a pipe which can be written to takes without waiting (`PIPE_BUF` of Linux).
    private static let pieceByteCount = 4_096

    /// - Parameter descriptor: Open for as long as it is written to; its owner closes it.
    public init(_ descriptor: CInt) {
        self.descriptor = descriptor
    }

    /// Writes all of `bytes`, waiting as long as it takes.
    ///
    /// - Throws: ``LibuvError``: the disk is full, or the reader of the pipe is gone.
    public func write(_ bytes: borrowing Span<UInt8>) throws(LibuvError) {
        var start = 0
        while start < bytes.count {
            let rest = bytes.extracting(start...)
            let count = unsafe rest.withUnsafeBytes { rest in
                unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0, errno == EINTR { continue }
            // Whoever shares the terminal or pipe may have made it non-blocking.
            if count < 0, errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&wait, 1, -1)
                continue
            }
            try checkSystemCall(CInt(clamping: count), "write to descriptor \(descriptor)")
            start += count
        }
    }
    /// Writes all of `bytes`, waiting until it is done or interrupted.
    ///
    /// - Returns: `false` if interrupted; some of the bytes may be written then.
    /// - Throws: ``LibuvError``: the disk is full, or the reader of the pipe is gone.
    public func write(
        _ bytes: borrowing Span<UInt8>,
        unless interruption: Interruption
    ) throws(LibuvError) -> Bool {
        var start = 0
        while start < bytes.count {
            guard try interruption.wait(for: descriptor, POLLOUT) else { return false }
            let end = min(start + Self.pieceByteCount, bytes.count)
            let piece = bytes.extracting(start..<end)
            let count = unsafe piece.withUnsafeBytes { piece in
                unsafe Glibc.write(descriptor, piece.baseAddress, piece.count)
            }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            try checkSystemCall(CInt(clamping: count), "write to descriptor \(descriptor)")
            start += count
        }
        return true
    }
}
