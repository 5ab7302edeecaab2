internal import Glibc

/// What a look at a file tells without reading it (stat(2)).
///
/// Two equal states mean that the file is most likely the same, with the same bytes: who replaces
/// it changes the inode, who writes to it the times. A change within one tick of the file system's
/// clock after the last one may not show.
public struct FileState: Hashable, Sendable {
    public let device: UInt64
    public let inode: UInt64
    public let byteCount: Int64

    /// When the content was last written, since 1970.
    public let modifiedNanoseconds: Int64

    /// When the content, the name or the permissions were last changed, since 1970.
    public let changedNanoseconds: Int64

    /// The twelve bits of chmod(2).
    public let permissions: UInt32
    public let ownerID: UInt32
    public let groupID: UInt32

    /// Whether this is a file with content, not a directory, pipe or device.
    public let isRegular: Bool

    /// Looks at what `path` leads to, links followed.
    ///
    /// - Throws: ``LibuvError``: no such file, or a directory on the way that is closed to us.
    public init(ofFileAt path: String) throws(LibuvError) {
        var status = stat()
        try checkSystemCall(unsafe stat(path, &status), "look at \(path)")
        self.init(status)
    }

    init(of descriptor: CInt, at path: String) throws(LibuvError) {
        var status = stat()
        try checkSystemCall(unsafe fstat(descriptor, &status), "look at \(path)")
        self.init(status)
    }

    private init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        byteCount = Int64(status.st_size)
        modifiedNanoseconds = Self.nanoseconds(status.st_mtim)
        changedNanoseconds = Self.nanoseconds(status.st_ctim)
        permissions = UInt32(status.st_mode & 0o7777)
        ownerID = status.st_uid
        groupID = status.st_gid
        isRegular = status.st_mode & S_IFMT == S_IFREG
    }

    /// Wraps where a file system keeps times that no clock shows: they are compared, not reckoned
    /// with.
    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
