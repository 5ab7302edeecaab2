import Glibc
import Libuv
import Logging

/// The service manager that has started the process, if one has: systemd, or whoever speaks as it
/// does (sd_notify(3), sd_listen_fds(3), sd_watchdog_enabled(3)).
package struct ServiceManager: Sendable {
    /// What the manager passes stands behind standard input, output and error.
    private static let firstDescriptor: CInt = 3

    /// More sockets than anybody has reason to pass.
    package static let socketCountMax = 64

    private let socket: NotifySocket?

    /// How often the manager wants a sign of life; `nil` if it wants none.
    package let watchdogMicroseconds: UInt64?

    /// How many listening sockets the manager has passed.
    package let passedCount: CInt

    /// - Parameters:
    ///   - environment: The variables of the process.
    ///   - processID: What the variables name if they are meant for this process.
    package init(environment: [String: String], processID: Int32 = getpid()) {
        socket = environment["NOTIFY_SOCKET"].flatMap { NotifySocket($0) }
        let watched = environment["WATCHDOG_PID"].map { $0 == "\(processID)" } ?? true
        watchdogMicroseconds =
            watched
            ? environment["WATCHDOG_USEC"].flatMap { UInt64($0) }.flatMap { $0 > 0 ? $0 : nil }
            : nil
        let isForThisProcess = environment["LISTEN_PID"] == "\(processID)"
        let count = environment["LISTEN_FDS"].flatMap { CInt($0) } ?? 0
        passedCount = isForThisProcess ? max(0, min(count, CInt(Self.socketCountMax))) : 0
    }

    /// The sockets that were passed.
    ///
    /// - Throws: ``LibuvError`` if one of them is no stream socket that listens.
    package func takeSockets() throws(LibuvError) -> [ListeningSocket] {
        var sockets: [ListeningSocket] = []
        for offset in 0..<passedCount {
            sockets.append(try ListeningSocket(passed: Self.firstDescriptor + offset))
        }
        return sockets
    }

    /// The server answers.
    package func ready(_ status: String, _ logger: Logger) {
        tell("READY=1\nSTATUS=\(status)", logger)
    }

    /// The server reads its files again; ``ready(_:_:)`` follows.
    package func reloading(_ logger: Logger) {
        tell("RELOADING=1\nMONOTONIC_USEC=\(MonotonicClock.microseconds())", logger)
    }

    /// The server ends.
    package func stopping(_ status: String, _ logger: Logger) {
        tell("STOPPING=1\nSTATUS=\(status)", logger)
    }

    /// Gives signs of life, twice as often as wanted, as long as every loop turns.
    package func watch(_ group: EventLoopGroup, _ logger: Logger) {
        guard let watchdogMicroseconds, socket != nil else { return }
        let milliseconds = max(1, watchdogMicroseconds / 2_000)
        LoopHeartbeat(of: group, everyMilliseconds: milliseconds) { [self] in
            tell("WATCHDOG=1", logger)
        }.start()
    }

    private func tell(_ assignments: String, _ logger: Logger) {
        guard let socket else { return }
        do throws(LibuvError) {
            try socket.send(assignments)
        } catch {
            logger.warning("\(error)")
        }
    }
}
