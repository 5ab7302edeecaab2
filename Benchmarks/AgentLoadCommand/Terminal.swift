import AgentLoad
import Foundation

/// Where this program says things.
enum Terminal {
    /// Whether standard output may be emphasized.
    static var style: TextStyle {
        let environment = ProcessInfo.processInfo.environment
        let isPlain = environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        return isatty(STDOUT_FILENO) == 1 && !isPlain ? .terminal : .plain
    }

    static func write(_ lines: [String]) {
        for line in lines { print(line) }
        fflush(nil)
    }

    /// Says how far a run is: over the last line on a terminal, every fifth second elsewhere.
    static func tell(_ progress: Fleet.Progress) {
        let line = text(of: progress)
        if isatty(STDERR_FILENO) == 1 {
            note(
                "\r\u{1B}[K\(line)",
                terminator: progress.second == progress.secondCount ? "\r\u{1B}[K" : ""
            )
        } else if progress.second % 5 == 0 {
            note(line)
        }
    }

    static func note(_ text: String, terminator: String = "\n") {
        FileHandle.standardError.write(Data((text + terminator).utf8))
    }

    private static func text(of progress: Fleet.Progress) -> String {
        let interval = progress.interval
        let p50 = interval.microseconds(atPercentile: 50)
        let p99 = interval.microseconds(atPercentile: 99)
        var parts = [
            "\(progress.second)/\(progress.secondCount) s", "\(interval.succeeded) answers/s",
            "p50 \(p50) µs", "p99 \(p99) µs",
        ]
        if interval.refused + interval.failed > 0 {
            parts.append("\(interval.refused) refused, \(interval.failed) failed")
        }
        if interval.retried > 0 { parts.append("\(interval.retried) made again") }
        if progress.waitingCount > 0 { parts.append("\(progress.waitingCount) wait") }
        if let server = progress.server {
            let cores = String(format: "%.2f", server.coreCount)
            parts.append("server \(cores) cores, \(server.residentBytes / 1_048_576) MiB")
        }
        return "  " + parts.joined(separator: "  ")
    }
}
