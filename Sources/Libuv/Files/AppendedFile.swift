internal import Glibc

/// A file that is written to at its end only (`O_APPEND`), for threads that may block.
public final class AppendedFile: Sendable {
    /// The path as it was given.
    public let path: String
    private let descriptor: CInt

    /// Opens the file, or makes it for its owner only.
    ///
    /// A link is followed: what it leads to is appended to.
    ///
    /// - Throws: ``LibuvError``: no such directory, no permission.
    public init(_ path: String) throws(LibuvError) {
        self.path = path
        let flags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY
        descriptor = unsafe Glibc.open(path, flags, 0o600)
        try checkSystemCall(descriptor, "open \(path)")
    }

    deinit {
        _ = Glibc.close(descriptor)
    }

    /// What the file is now.
    public func state() throws(LibuvError) -> FileState {
        try FileState(of: descriptor, at: path)
    }

    /// Appends some of `bytes`, all of them unless the disk is full.
    ///
    /// - Returns: How many bytes were taken, at least one.
    /// - Throws: ``LibuvError``: the disk is full or failing; nothing was taken.
    /// - Precondition: There are bytes.
    public func append(_ bytes: borrowing Span<UInt8>) throws(LibuvError) -> Int {
        precondition(!bytes.isEmpty, "nothing to append")
        while true {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            }
            if count < 0, errno == EINTR { continue }
            try checkSystemCall(CInt(clamping: count), "write to \(path)")
            return count
        }
    }

    /// Returns once what was appended is on the disk (fdatasync(2)).
    ///
    /// - Throws: ``LibuvError``: what was appended since the last success may be lost, whatever a
    ///   second attempt says. The system reports a failure once, and counts what it could not write
    ///   as written from then on.
    public func synchronize() throws(LibuvError) {
        while fdatasync(descriptor) < 0 {
            if errno == EINTR { continue }
            try checkSystemCall(-1, "write \(path) to the disk")
        }
    }

    /// The last bytes of the file, as many as there are up to `byteCountMax`.
    public func tail(byteCountMax: Int) throws(LibuvError) -> [UInt8] {
        let end = try state().byteCount
        var offset = max(0, end - Int64(byteCountMax))
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while offset < end {
            let wanted = Int(min(Int64(block.count), end - offset))
            let count = unsafe block.withUnsafeMutableBytes {
                unsafe pread(descriptor, $0.baseAddress, wanted, off_t(offset))
            }
            if count < 0, errno == EINTR { continue }
            try checkSystemCall(CInt(clamping: count), "read \(path)")
            guard count > 0 else { break }
            bytes += block[..<count]
            offset += Int64(count)
        }
        return bytes
    }
}
