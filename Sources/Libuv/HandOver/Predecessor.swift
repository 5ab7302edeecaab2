internal import CLibuv
internal import Glibc

/// The process that serves now and whose place this one takes.
public final class Predecessor: Sendable {
    /// What it listens on; this process accepts from them too.
    public let sockets: [ListeningSocket]

    private let connection: HandOverSocket

    /// Asks whoever waits at a path for its sockets.
    ///
    /// - Returns: `nil` if nobody waits there.
    /// - Throws: ``LibuvError`` if somebody does and does not hand over, or is another user.
    public static func find(at path: String) throws(LibuvError) -> Predecessor? {
        try find(at: path, within: HandOverTimes())
    }

    package static func find(
        at path: String,
        within times: HandOverTimes
    ) throws(LibuvError) -> Predecessor? {
        let connection = try HandOverSocket.make()
        var isKept = false
        defer { if !isKept { connection.close() } }
        try connection.limitTime(milliseconds: times.answerMillisecondsMax)
        let cause = try unsafe SocketAddress.unix(path: path).withSystemAddress {
            unsafe connect(connection.descriptor, $0, $1) == 0 ? 0 : errno
        }
        switch cause {
        case 0: break
        // Nobody has been there, or has left without a trace.
        case ENOENT, ECONNREFUSED: return nil
        default:
            throw LibuvError(
                "ask the server at unix:\(path) to hand over",
                status: uv_translate_sys_error(cause)
            )
        }
        // Whoever else can put a socket there would choose what this process listens on.
        guard try connection.isPeerTrusted() else {
            throw LibuvError("believe the server at unix:\(path)", status: -EPERM)
        }
        try connection.send(.takeOver)
        let sockets = try receiveSockets(connection, path)
        try connection.limitTime(milliseconds: 0)
        isKept = true
        return Predecessor(connection, sockets)
    }

    private init(_ connection: HandOverSocket, _ sockets: [ListeningSocket]) {
        self.connection = connection
        self.sockets = sockets
    }

    deinit {
        connection.close()
    }

    /// Tells it to leave: this process accepts connections.
    ///
    /// - Throws: ``LibuvError``: it is gone already.
    public func replace() throws(LibuvError) {
        try connection.send(.serving)
    }

    /// Tells it to leave, and waits until it has: this process can accept connections only then.
    ///
    /// Those that come meanwhile wait in the kernel.
    public func outlive() {
        do throws(LibuvError) {
            try connection.send(.waiting)
            while try connection.receive() != nil {}
        } catch {
            // It is gone, which is what was waited for.
        }
    }

    /// Has something done when it has ended, on a thread of its own; not before ``replace()``.
    ///
    /// - Throws: ``LibuvError`` when the process is out of threads.
    public func whenEnded(_ body: @escaping @Sendable () -> Void) throws(LibuvError) {
        _ = try NativeThread(name: "hand-over") { [self] in
            do throws(LibuvError) {
                while try connection.receive() != nil {}
            } catch {
                // It is gone, which is what was waited for.
            }
            body()
        }
    }

    private static func receiveSockets(
        _ connection: HandOverSocket,
        _ path: String
    ) throws(LibuvError) -> [ListeningSocket] {
        var sockets: [ListeningSocket] = []
        do throws(LibuvError) {
            while let (message, descriptors) = try connection.receive() {
                if message == .endOfSockets { return sockets }
                for index in descriptors.indices {
                    do throws(LibuvError) {
                        sockets.append(try ListeningSocket(passed: descriptors[index]))
                    } catch {
                        for rest in descriptors[index...] { _ = Glibc.close(rest) }
                        throw error
                    }
                }
            }
            throw LibuvError(
                "take over from the server at unix:\(path), which broke off",
                status: UV_ECONNRESET.rawValue
            )
        } catch {
            for socket in sockets { socket.close() }
            throw error
        }
    }
}
