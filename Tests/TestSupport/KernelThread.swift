internal import Foundation

/// A thread of this process, as the kernel sees it.
public struct KernelThread: Hashable, Sendable {
    /// Such as `12/task/34` (proc(5)).
    private let path: String

    /// The calling thread.
    public static func current() throws -> KernelThread {
        let link = "/proc/thread-self"
        return KernelThread(
            path: try FileManager.default.destinationOfSymbolicLink(atPath: link)
        )
    }

    /// Whether the thread sleeps in the kernel: it waits for a lock, a condition or a descriptor.
    public var isAsleep: Bool {
        guard let data = FileManager.default.contents(atPath: "/proc/\(path)/stat"),
            let afterName = data.lastIndex(of: UInt8(ascii: ")"))
        else { return false }
        // "12 (name) S …": the state is the letter after the name.
        return data[(afterName + 1)...].starts(with: " S".utf8)
    }
}
