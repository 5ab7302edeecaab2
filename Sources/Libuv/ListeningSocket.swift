internal import CLibuv
internal import Glibc

/// A bound socket that a loop will accept connections from.
///
/// All sockets are bound before the first loop runs, so that a port in use is an error of
/// start-up. The descriptor is closed by whoever takes it over, or by ``close()``.
public struct ListeningSocket: Sendable {
    /// Where the socket is bound; the port is the real one where 0 was asked for.
    public let address: SocketAddress

    /// The open file descriptor.
    public let descriptor: CInt

    /// Whether other processes accept from the socket too, or will: a service manager's, or one that
    /// is handed over.
    public var isShared = false

    init(address: SocketAddress, descriptor: CInt) {
        self.address = address
        self.descriptor = descriptor
    }

    /// Binds one socket for each of `count` loops.
    ///
    /// TCP sockets share the port by `SO_REUSEPORT`, so the kernel spreads connections over the
    /// loops. UNIX domain sockets cannot; their loops share one socket.
    ///
    /// - Returns: As many sockets as loops, all at the same address.
    /// - Throws: ``LibuvError``: in use, no permission, no such address.
    public static func bind(
        to address: SocketAddress,
        count: Int
    ) throws(LibuvError) -> [ListeningSocket] {
        precondition(count > 0, "a server has at least one loop")
        if case .unix(let path) = address {
            try removeStaleSocket(at: path)
            let first = try makeBound(to: address, family: AF_UNIX, isPortShared: false)
            return try repeated(from: first, count: count) { () throws(LibuvError) in
                let copy = fcntl(first.descriptor, F_DUPFD_CLOEXEC, 0)
                try checkSystemCall(copy, "share \(address) between loops")
                return ListeningSocket(address: address, descriptor: copy)
            }
        }
        let family =
            switch address {
            case .ipv6: AF_INET6
            default: AF_INET
            }
        if address.port != 0 {
            // A second server of the same user would quietly share a port with `SO_REUSEPORT`. A
            // socket without the option cannot be bound beside one that listens.
            try makeBound(to: address, family: family, isPortShared: false).close()
        }
        let first = try makeBound(to: address, family: family, isPortShared: true)
        return try repeated(from: first, count: count) { () throws(LibuvError) in
            try makeBound(to: first.address, family: family, isPortShared: true)
        }
    }

    /// Closes the descriptor of a socket that no loop has taken over.
    public func close() {
        _ = Glibc.close(descriptor)
    }

    /// `first` and as many more as make up `count`, or none of them.
    private static func repeated(
        from first: ListeningSocket,
        count: Int,
        _ makeNext: () throws(LibuvError) -> ListeningSocket
    ) throws(LibuvError) -> [ListeningSocket] {
        var sockets = [first]
        do throws(LibuvError) {
            while sockets.count < count { sockets.append(try makeNext()) }
        } catch {
            for socket in sockets { socket.close() }
            throw error
        }
        return sockets
    }

    private static func makeBound(
        to address: SocketAddress,
        family: CInt,
        isPortShared: Bool
    ) throws(LibuvError) -> ListeningSocket {
        let type =
            CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
            | CInt(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(family, type, 0)
        try checkSystemCall(descriptor, "create a socket for \(address)")
        do throws(LibuvError) {
            if family != AF_UNIX {
                // A port whose former connections linger in TIME_WAIT can be bound again.
                try enable(SO_REUSEADDR, level: SOL_SOCKET, on: descriptor)
                if isPortShared { try enable(SO_REUSEPORT, level: SOL_SOCKET, on: descriptor) }
                // Accepted sockets inherit this on Linux, which saves a call for each.
                try enable(TCP_NODELAY, level: CInt(IPPROTO_TCP), on: descriptor)
            }
            if family == AF_INET6 {
                try enable(IPV6_V6ONLY, level: CInt(IPPROTO_IPV6), on: descriptor)
            }
            try unsafe address.withSystemAddress { (system, size) throws(LibuvError) in
                try checkSystemCall(unsafe Glibc.bind(descriptor, system, size), "bind \(address)")
            }
            let bound = try boundAddress(of: descriptor, askedFor: address)
            return ListeningSocket(address: bound, descriptor: descriptor)
        } catch {
            _ = Glibc.close(descriptor)
            throw error
        }
    }

    private static func enable(
        _ option: CInt,
        level: CInt,
        on descriptor: CInt
    ) throws(LibuvError) {
        var enabled: CInt = 1
        let size = socklen_t(MemoryLayout<CInt>.size)
        let status = unsafe setsockopt(descriptor, level, option, &enabled, size)
        try checkSystemCall(status, "set socket option \(option)")
    }

    private static func boundAddress(
        of descriptor: CInt,
        askedFor address: SocketAddress
    ) throws(LibuvError) -> SocketAddress {
        guard address.port == 0 else { return address }
        // `sin_port` and `sin6_port` lie at the same offset.
        var system = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let status = unsafe withUnsafeMutablePointer(to: &system) { system in
            unsafe system.withMemoryRebound(to: sockaddr.self, capacity: 1) { system in
                unsafe getsockname(descriptor, system, &size)
            }
        }
        try checkSystemCall(status, "ask for the address of a socket")
        let port = UInt16(bigEndian: system.sin6_port)
        return switch address {
        case .ipv4(let host, _): .ipv4(host: host, port: port)
        case .ipv6(let host, _): .ipv6(host: host, port: port)
        case .unix: address
        }
    }

    /// Removes the socket file of a server that is gone, and no other file.
    ///
    /// Only a refused connection proves that nobody listens: a server may be too busy to accept, or
    /// belong to somebody else.
    private static func removeStaleSocket(at path: String) throws(LibuvError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw LibuvError("listen on unix:\(path), which is not a socket", status: -EEXIST)
        }
        let type =
            CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
            | CInt(SOCK_NONBLOCK.rawValue)
        let probe = socket(AF_UNIX, type, 0)
        try checkSystemCall(probe, "create a socket")
        defer { _ = Glibc.close(probe) }
        let cause = try unsafe SocketAddress.unix(path: path).withSystemAddress {
            unsafe connect(probe, $0, $1) == 0 ? 0 : errno
        }
        switch cause {
        case ECONNREFUSED: break
        case 0, EAGAIN: throw LibuvError("bind unix:\(path)", status: -EADDRINUSE)
        default:
            throw LibuvError(
                "find out who listens on unix:\(path)",
                status: uv_translate_sys_error(cause)
            )
        }
        try checkSystemCall(unsafe unlink(path), "remove the stale socket \(path)")
    }
}

/// Turns −1 of a system call into an error with the meaning of `errno`.
func checkSystemCall(
    _ result: CInt,
    _ operation: @autoclosure () -> String
) throws(LibuvError) {
    guard result < 0 else { return }
    let cause = errno
    throw LibuvError(operation(), status: uv_translate_sys_error(cause))
}
