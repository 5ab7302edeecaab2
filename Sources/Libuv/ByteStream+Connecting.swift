internal import CLibuv
internal import Glibc

extension ByteStream {
    /// Begins to connect to a server.
    ///
    /// The stream can be used at once: what is written before the connection stands waits for it,
    /// and a connection that cannot be made is told as one that failed, once the stream reads.
    ///
    /// - Parameters:
    ///   - address: Where the server listens.
    ///   - source: The address of this machine to come from, the port 0 for any; `nil` leaves the
    ///     choice to the kernel. One address has some 28,000 ports for one server.
    ///   - loop: The loop whose thread calls this.
    /// - Returns: A stream that does not read yet.
    /// - Throws: ``LibuvError`` when it is known at once that there will be no connection: no
    ///   descriptor or port left, no such address, or nobody at a UNIX domain socket.
    public static func connect(
        to address: SocketAddress,
        from source: SocketAddress? = nil,
        on loop: EventLoop
    ) throws(LibuvError) -> ByteStream {
        loop.checkIsolated()
        let kind: Kind
        let family: CInt
        switch address {
        case .ipv4: (kind, family) = (.tcp, AF_INET)
        case .ipv6: (kind, family) = (.tcp, AF_INET6)
        case .unix: (kind, family) = (.pipe, AF_UNIX)
        }
        let type =
            CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
            | CInt(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(family, type, 0)
        try checkSystemCall(descriptor, "create a socket for \(address)")
        do throws(LibuvError) {
            if kind == .tcp { try disableDelay(on: descriptor) }
            if let source {
                try unsafe source.withSystemAddress { (system, size) throws(LibuvError) in
                    let status = unsafe bind(descriptor, system, size)
                    try checkSystemCall(status, "bind \(source)")
                }
            }
            try unsafe address.withSystemAddress { (system, size) throws(LibuvError) in
                let status = unsafe Glibc.connect(descriptor, system, size)
                if status < 0, errno == EINPROGRESS { return }
                try checkSystemCall(status, "connect to \(address)")
            }
        } catch {
            _ = Glibc.close(descriptor)
            throw error
        }
        let stream = ByteStream(kind: kind, on: loop)
        let opened = stream.open(descriptor)
        guard opened == 0 else {
            _ = Glibc.close(descriptor)
            stream.close()
            throw LibuvError("connect to \(address)", status: opened)
        }
        return stream
    }

    private static func disableDelay(on descriptor: CInt) throws(LibuvError) {
        var enabled: CInt = 1
        let size = socklen_t(MemoryLayout<CInt>.size)
        let level = CInt(IPPROTO_TCP)
        let status = unsafe setsockopt(descriptor, level, TCP_NODELAY, &enabled, size)
        try checkSystemCall(status, "set socket option \(TCP_NODELAY)")
    }
}
