internal import Glibc

/// The next content of a file, written piece by piece and put into its place in one step.
///
/// For what is too long to be kept in memory; ``FileReplacement`` is for what is not. The content
/// is written to a file beside it, named like it with `.new` behind, for its owner only, and is on
/// the disk before that takes the name: under the file's own name there is never half of it. What a
/// crash leaves behind is written over the next time.
public final class FileDraft: Sendable {
    private let path: String
    private let newPath: String
    private let descriptor: CInt

    /// Begins an empty draft.
    ///
    /// A link is followed, so that what it leads to is replaced and the link stays.
    ///
    /// - Throws: ``FileError``: somebody else writes a draft of the same file (`EWOULDBLOCK`); the
    ///   file is there and is no regular one; no such directory, no permission.
    public init(of path: String) throws(FileError) {
        self.path = FileReplacement.target(of: path)
        newPath = "\(self.path).new"
        var status = stat()
        if unsafe stat(self.path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw .notReplaceable(path: path)
        }
        do throws(LibuvError) {
            descriptor = try Self.openEmpty(newPath)
        } catch {
            throw .system(error)
        }
    }

    deinit {
        _ = Glibc.close(descriptor)
    }

    public func append(_ bytes: borrowing Span<UInt8>) throws(LibuvError) {
        do throws(LibuvError) {
            try OutputDescriptor(descriptor).write(bytes)
        } catch {
            throw LibuvError("write \(newPath)", status: error.status)
        }
    }

    /// Gives the content the file's name, for good: it survives a power cut.
    ///
    /// - Precondition: Called once, and nothing afterwards.
    public func commit() throws(LibuvError) {
        try checkSystemCall(fsync(descriptor), "write \(newPath) to the disk")
        try checkSystemCall(unsafe rename(newPath, path), "rename \(newPath) to \(path)")
        try FileReplacement.synchronizeName(of: path)
    }

    /// Removes the draft, as far as that can be done; the file stays as it is.
    public func discard() {
        // What stays is written over the next time.
        _ = unsafe unlink(newPath)
    }

    /// Opens a file that nobody else writes to, and empties it.
    private static func openEmpty(_ path: String) throws(LibuvError) -> CInt {
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW
        let descriptor = unsafe Glibc.open(path, flags, 0o600)
        try checkSystemCall(descriptor, "make \(path)")
        do throws(LibuvError) {
            try checkSystemCall(flock(descriptor, LOCK_EX | LOCK_NB), "lock \(path)")
            // Whoever had the lock may have given the file its other name meanwhile.
            let own = try FileState(of: descriptor, at: path)
            let named = try FileState(ofFileAt: path)
            guard own.inode == named.inode, own.device == named.device else {
                throw LibuvError("lock \(path)", status: -EWOULDBLOCK)
            }
            try checkSystemCall(fchmod(descriptor, 0o600), "make \(path) private")
            try checkSystemCall(ftruncate(descriptor, 0), "empty \(path)")
        } catch {
            _ = Glibc.close(descriptor)
            throw error
        }
        return descriptor
    }
}
