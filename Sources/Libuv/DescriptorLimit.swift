internal import CLibuv
internal import Glibc

/// How many files and sockets this process may have open (`RLIMIT_NOFILE`, getrlimit(2)).
public enum DescriptorLimit {
    /// Raises the soft limit to the hard one, which needs no privilege.
    ///
    /// - Returns: The limit from now on; `Int.max` where there is none.
    /// - Throws: ``LibuvError`` if the system refuses.
    @discardableResult
    public static func raise() throws(LibuvError) -> Int {
        var limit = rlimit()
        try checkSystemCall(
            unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit),
            "ask for the limit on open files"
        )
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            try checkSystemCall(
                unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit),
                "raise the limit on open files to \(limit.rlim_max)"
            )
        }
        return Int(clamping: limit.rlim_cur)
    }
}
