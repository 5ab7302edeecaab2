internal import Glibc

extension OpenSockets {
    /// How many sockets of every kind this process has open.
    ///
    /// Other tests open and close theirs meanwhile: compare numbers that such a few cannot change.
    /// Sockets rather than descriptors, as event loops keep theirs to the end of the process.
    public static func count() -> Int {
        var limit = rlimit()
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return (0..<CInt(clamping: min(limit.rlim_cur, 65_536))).count { descriptor in
            var status = stat()
            return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
        }
    }
}
