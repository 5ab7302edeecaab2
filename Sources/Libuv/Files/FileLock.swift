internal import Glibc

/// The right to change a file, which one process or task has at a time (flock(2)).
///
/// Advisory: it keeps out only those who ask for it. It ends with the value, and with the process,
/// however that ends. What is locked is a file of its own beside the other, which is replaced.
public struct FileLock: ~Copyable {
    private let descriptor: CInt

    /// Waits until nobody else has the lock for `path`.
    ///
    /// A link counts for what it leads to, so that there is one lock however a file is named.
    ///
    /// - Throws: ``LibuvError`` if the file to be locked, `path` with `.lock` behind, cannot be made.
    public init(for path: String) throws(LibuvError) {
        let lockPath = "\(FileReplacement.target(of: path)).lock"
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW
        descriptor = unsafe Glibc.open(lockPath, flags, 0o600)
        try checkSystemCall(descriptor, "make \(lockPath)")
        var status: CInt
        repeat { status = flock(descriptor, LOCK_EX) } while status < 0 && errno == EINTR
        guard status < 0 else { return }
        let cause = errno
        _ = Glibc.close(descriptor)
        throw LibuvError("lock \(lockPath)", status: -cause)
    }

    /// Lets the next one in; so does the end of the value, but that may come early.
    public consuming func release() {}

    deinit {
        _ = Glibc.close(descriptor)
    }
}
