internal import CLibuv
internal import Glibc

// Sockets that somebody else has bound, and listens on too.
extension ListeningSocket {
    /// Takes over a descriptor that was passed to this process.
    ///
    /// - Parameter descriptor: Belongs to the socket from here on, unless this throws.
    /// - Throws: ``LibuvError`` if it is no stream socket that listens.
    public init(passed descriptor: CInt) throws(LibuvError) {
        guard try Self.option(SO_TYPE, of: descriptor) == CInt(SOCK_STREAM.rawValue),
            try Self.option(SO_ACCEPTCONN, of: descriptor) != 0
        else {
            throw LibuvError(
                "accept connections from descriptor \(descriptor), which was passed",
                status: UV_EINVAL.rawValue
            )
        }
        let flags = fcntl(descriptor, F_GETFL)
        try checkSystemCall(flags, "use descriptor \(descriptor)")
        try checkSystemCall(fcntl(descriptor, F_SETFL, flags | O_NONBLOCK), "use a passed socket")
        try checkSystemCall(fcntl(descriptor, F_SETFD, FD_CLOEXEC), "use a passed socket")
        let address = try Self.address(of: descriptor)
        self.init(address: address, descriptor: descriptor)
        isShared = true
        if address.port != nil {
            var enabled: CInt = 1
            let size = socklen_t(MemoryLayout<CInt>.size)
            // Accepted sockets inherit it; without it they are a little slower.
            _ = unsafe setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &enabled, size)
        }
    }

    /// Sockets for the loops of a server, which accept from all that were passed.
    ///
    /// - Parameters:
    ///   - passed: At one address; they belong to the result from here on, whether this throws or
    ///     not.
    ///   - loopCount: How many loops there are.
    /// - Returns: As many as loops in each element. Every passed socket is in it, as the kernel gives
    ///   each of them its share of the connections.
    /// - Throws: ``LibuvError`` when the process is out of descriptors.
    public static func spread(
        _ passed: [ListeningSocket],
        overLoops loopCount: Int
    ) throws(LibuvError) -> [[ListeningSocket]] {
        guard let first = passed.first else { return [] }
        var sockets = passed
        do throws(LibuvError) {
            while !sockets.count.isMultiple(of: loopCount) {
                let copy = fcntl(first.descriptor, F_DUPFD_CLOEXEC, 0)
                try checkSystemCall(copy, "share \(first.address) between loops")
                var socket = ListeningSocket(address: first.address, descriptor: copy)
                socket.isShared = true
                sockets.append(socket)
            }
        } catch {
            for socket in sockets { socket.close() }
            throw error
        }
        return stride(from: 0, to: sockets.count, by: loopCount).map {
            Array(sockets[$0..<($0 + loopCount)])
        }
    }

    private static func option(_ option: CInt, of descriptor: CInt) throws(LibuvError) -> CInt {
        var value: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        try checkSystemCall(
            unsafe getsockopt(descriptor, SOL_SOCKET, option, &value, &size),
            "use descriptor \(descriptor), which was passed, as a socket"
        )
        return value
    }

    private static func address(of descriptor: CInt) throws(LibuvError) -> SocketAddress {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = unsafe withUnsafeMutablePointer(to: &storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getsockname(descriptor, address, &size)
            }
        }
        try checkSystemCall(status, "ask for the address of descriptor \(descriptor)")
        let bytes = unsafe withUnsafeBytes(of: &storage) { unsafe [UInt8]($0) }
        let port = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        switch CInt(storage.ss_family) {
        case AF_INET:
            let host = bytes[4..<8].map { "\($0)" }.joined(separator: ".")
            return .ipv4(host: host, port: port)
        case AF_INET6:
            return .ipv6(host: Self.ipv6Host(bytes[8..<24]), port: port)
        case AF_UNIX:
            let name = bytes[2..<max(2, min(Int(size), bytes.count))].prefix { $0 != 0 }
            return .unix(path: String(decoding: name, as: UTF8.self))
        default:
            throw LibuvError(
                "accept connections from descriptor \(descriptor), which is neither IP nor UNIX",
                status: UV_EAFNOSUPPORT.rawValue
            )
        }
    }

    private static func ipv6Host(_ bytes: ArraySlice<UInt8>) -> String {
        let address = Array(bytes)
        var text = [CChar](repeating: 0, count: 46)
        let status = unsafe uv_inet_ntop(AF_INET6, address, &text, text.count)
        precondition(status == 0, "46 bytes hold every IPv6 address")
        return String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
    }
}
