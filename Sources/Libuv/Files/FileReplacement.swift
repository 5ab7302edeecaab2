internal import Glibc

/// The next content of a file, put into its place in one step.
///
/// The content is written to a file beside it, named like it with `.new` behind, and is on the disk
/// before that takes the name (rename(2)). Whoever reads finds the old file or the new one, whole;
/// a crash before ``commit()`` leaves the old one. Two at once would share the file beside: hold a
/// ``FileLock``.
@safe
public struct FileReplacement: ~Copyable {
    private let path: String
    private let newPath: String

    /// Writes the content beside the file, readable and writable by the owner only.
    ///
    /// A link is followed, so that what it leads to is replaced and the link stays. The owner of a
    /// file that exists stays its owner: an administrator's command does not take the file from the
    /// server.
    ///
    /// - Throws: ``LibuvError``: no such directory, no permission, a full disk.
    public init(of path: String, with content: borrowing Span<UInt8>) throws(LibuvError) {
        let target = Self.target(of: path)
        self.path = target
        newPath = "\(target).new"
        // A crash may have left one behind, under whatever owner and mode.
        if unsafe unlink(newPath) < 0, errno != ENOENT {
            try checkSystemCall(-1, "remove \(newPath)")
        }
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor = unsafe Glibc.open(newPath, flags, 0o600)
        try checkSystemCall(descriptor, "make \(newPath)")
        defer { _ = Glibc.close(descriptor) }
        try Self.keepOwner(of: target, descriptor, newPath)
        try OutputDescriptor(descriptor).write(content)
        try checkSystemCall(fsync(descriptor), "write \(newPath) to the disk")
    }

    /// Gives the content the file's name, for good: it survives a power cut.
    public consuming func commit() throws(LibuvError) {
        try checkSystemCall(unsafe rename(newPath, path), "rename \(newPath) to \(path)")
        try Self.synchronizeName(of: path)
    }

    /// Returns once the name of a file is on the disk: it is in the directory, which reaches the
    /// disk apart from the file.
    static func synchronizeName(of path: String) throws(LibuvError) {
        let directory = directory(of: path)
        let descriptor = unsafe Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        try checkSystemCall(descriptor, "open \(directory)")
        defer { _ = Glibc.close(descriptor) }
        try checkSystemCall(fsync(descriptor), "write \(directory) to the disk")
    }

    private static func keepOwner(
        of path: String,
        _ descriptor: CInt,
        _ newPath: String
    ) throws(LibuvError) {
        var old = stat()
        guard unsafe stat(path, &old) == 0 else { return }
        let new = try FileState(of: descriptor, at: newPath)
        guard (old.st_uid, old.st_gid) != (new.ownerID, new.groupID) else { return }
        try checkSystemCall(
            fchown(descriptor, old.st_uid, old.st_gid),
            "give \(newPath) the owner of \(path)"
        )
    }

    /// Where links lead; `path` itself if there is nothing yet.
    static func target(of path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        // Safe: allocated by realpath for its caller to free.
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
