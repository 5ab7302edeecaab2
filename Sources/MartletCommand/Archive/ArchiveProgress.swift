import Foundation
import Glibc
import Libuv

/// How far an export or import has come, on one line of a terminal.
///
/// Where standard error is none, nothing is shown but what is left to say at the end.
struct ArchiveProgress {
    /// Nanoseconds between two looks at it.
    private static let intervalNanoseconds: UInt64 = 100_000_000

    /// Back to the beginning of the line, and nothing on it.
    private static let clear = "\r\u{1B}[K"

    private let verb: String
    private let isShown: Bool
    private let beginning = MonotonicClock.nanoseconds()
    private var shownAt: UInt64?

    /// - Parameter verb: What is done, as it stands before a number: "imported".
    init(_ verb: String) {
        self.verb = verb
        isShown = isatty(STDERR_FILENO) == 1
    }

    /// Whether anybody sees it, so that it is worth finding out how much there is.
    var isWatched: Bool { isShown }

    mutating func show(todoCount: Int, fraction: Double?) {
        let now = MonotonicClock.nanoseconds()
        if let shownAt, now &- shownAt < Self.intervalNanoseconds { return }
        guard isShown else { return }
        shownAt = now
        let text = ArchiveProgressText(
            verb: verb,
            todoCount: todoCount,
            fraction: fraction,
            nanoseconds: now &- beginning
        )
        Self.write(Self.clear + text.description)
    }

    /// Takes the line away.
    mutating func end() {
        if shownAt != nil { Self.write(Self.clear) }
        shownAt = nil
    }

    /// Says something on a line of its own.
    mutating func say(_ line: String) {
        end()
        Self.say(line)
    }

    /// Says something from any thread, over whatever is shown.
    static func say(_ line: String) {
        let start = isatty(STDERR_FILENO) == 1 ? clear : ""
        write("\(start)martlet: \(line.replacing("\n", with: " "))\n")
    }

    /// "1 to-do", "2 to-dos".
    static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    private static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
