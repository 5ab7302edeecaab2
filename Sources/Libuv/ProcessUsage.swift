internal import CLibuv
internal import Glibc

/// What this process uses of the machine.
public struct ProcessUsage: Hashable, Sendable {
    /// Seconds of CPU in the program, and in the kernel for it.
    public let userSeconds: Double
    public let systemSeconds: Double

    /// Memory in RAM.
    public let residentByteCount: Int

    /// Files and sockets that are open.
    public let descriptorCount: Int

    /// Looks at it now.
    ///
    /// - Throws: ``LibuvError`` where the system does not say.
    public init() throws(LibuvError) {
        var usage = uv_rusage_t()
        try unsafe check(uv_getrusage(&usage), "ask for the CPU time of the process")
        userSeconds = Self.seconds(usage.ru_utime)
        systemSeconds = Self.seconds(usage.ru_stime)
        var byteCount = 0
        try unsafe check(uv_resident_set_memory(&byteCount), "ask for the memory of the process")
        residentByteCount = byteCount
        descriptorCount = try Self.countDescriptors()
    }

    private static func seconds(_ time: uv_timeval_t) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }

    private static func countDescriptors() throws(LibuvError) -> Int {
        let path = "/proc/self/fd"
        guard let directory = unsafe opendir(path) else {
            throw LibuvError("open \(path)", status: -errno)
        }
        defer { unsafe closedir(directory) }
        var count = 0
        while unsafe readdir(directory) != nil { count += 1 }
        // "." and "..", and the directory that is being read.
        return max(0, count - 3)
    }
}
