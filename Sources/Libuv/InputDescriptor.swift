internal import Glibc

/// A file descriptor that is read, on a thread that may block: a terminal, a pipe or a file.
///
/// Its mode is left as it is, since others may share it.
public struct InputDescriptor: Sendable {
    private let descriptor: CInt

    public static let standardInput = InputDescriptor(STDIN_FILENO)

    /// - Parameter descriptor: Open for as long as it is read; its owner closes it.
    public init(_ descriptor: CInt) {
        self.descriptor = descriptor
    }

    /// Waits until there is something to read, and reads it into the beginning of `buffer`.
    ///
    /// - Returns: How many bytes came, 0 at the end of input; `nil` if interrupted.
    /// - Throws: ``LibuvError``
    public func read(
        into buffer: inout [UInt8],
        unless interruption: Interruption
    ) throws(LibuvError) -> Int? {
        while try interruption.wait(for: descriptor, POLLIN) {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            try checkSystemCall(CInt(clamping: count), "read descriptor \(descriptor)")
            return count
        }
        return nil
    }
}
