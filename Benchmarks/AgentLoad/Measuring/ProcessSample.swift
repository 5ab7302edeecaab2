import Foundation

/// What processes have used so far, as Linux accounts for it (proc(5)).
public struct ProcessSample: Hashable, Sendable {
    public var userSeconds = 0.0
    public var kernelSeconds = 0.0
    public var residentBytes = 0

    public init() {}

    /// The sum over processes; one that has ended counts for nothing.
    public static func of(_ processes: [Int32]) -> ProcessSample {
        var sum = ProcessSample()
        for process in processes {
            guard let stat = text(process, "stat"), let one = ProcessSample(stat: stat) else {
                continue
            }
            sum.userSeconds += one.userSeconds
            sum.kernelSeconds += one.kernelSeconds
            sum.residentBytes += one.residentBytes
        }
        return sum
    }

    /// Whether a process of that number is there.
    public static func exists(_ process: Int32) -> Bool {
        text(process, "stat") != nil
    }

    /// Reads a line of `/proc/PID/stat`.
    ///
    /// - Returns: `nil` if it is none.
    public init?(stat: String) {
        // The name in parentheses may hold anything, parentheses and spaces too.
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        // Counted from the state, which is field 3: utime 14, stime 15, rss 24.
        guard fields.count > 21, let user = Double(fields[11]), let kernel = Double(fields[12]),
            let pages = Int(fields[21])
        else { return nil }
        let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        userSeconds = user / ticksPerSecond
        kernelSeconds = kernel / ticksPerSecond
        residentBytes = pages * sysconf(Int32(_SC_PAGESIZE))
    }

    private static func text(_ process: Int32, _ file: String) -> String? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/\(file)") else {
            return nil
        }
        return String(decoding: data, as: UTF8.self)
    }
}
