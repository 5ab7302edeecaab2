internal import Glibc
public import Libuv

/// A blocking socket that sends and receives exactly what a test says.
///
/// Receiving and sending have a time limit, so that a server that does not answer fails the test
/// instead of hanging it; no test waits for the limit on purpose.
public final class RawClient {
    /// A system call of the client that failed, or its time limit.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String

        init(_ operation: String) {
            description = "\(operation): \(unsafe String(cString: strerror(errno)))"
        }
    }

    private static let timeLimitSeconds = 30

    private let descriptor: CInt
    private var isClosed = false
    private var buffer = [UInt8](repeating: 0, count: 65_536)

    /// Connects, with a small buffer of the kernel's where a test wants a client that takes little at
    /// a time.
    public init(to address: SocketAddress, bufferByteCount: CInt? = nil) throws {
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        descriptor = socket(Self.family(of: address), type, 0)
        guard descriptor >= 0 else { throw Failure("socket") }
        var limit = timeval(tv_sec: Self.timeLimitSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        if var bufferByteCount {
            let size = socklen_t(MemoryLayout<CInt>.size)
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bufferByteCount, size)
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &bufferByteCount, size)
        } else {
            var enabled: CInt = 1
            let size = socklen_t(MemoryLayout<CInt>.size)
            unsafe setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &enabled, size)
        }
        let status = Self.connect(descriptor, to: address)
        guard status == 0 else {
            let failure = Failure("connect to \(address)")
            close()
            throw failure
        }
    }

    deinit {
        close()
    }

    public func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    public func send(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            start += try send(bytes[start...], flags: CInt(MSG_NOSIGNAL))
        }
    }

    /// Sends what the kernel takes at once.
    ///
    /// - Returns: How many bytes that was.
    public func sendWithoutWaiting(_ bytes: ArraySlice<UInt8>) throws -> Int {
        try send(bytes, flags: CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
    }

    private func send(_ bytes: ArraySlice<UInt8>, flags: CInt) throws -> Int {
        let count = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, flags)
        }
        if count >= 0 { return count }
        if errno == EAGAIN, flags & CInt(MSG_DONTWAIT) != 0 { return 0 }
        throw Failure("send")
    }

    /// Waits for bytes.
    ///
    /// - Parameter countMax: Bytes that are taken at once; the others stay where they are.
    /// - Returns: At least one byte, or none at the end of the stream.
    /// - Throws: ``Failure``.
    public func receive(atMost countMax: Int = 65_536) throws -> [UInt8] {
        let received = unsafe buffer.withUnsafeMutableBytes {
            unsafe recv(descriptor, $0.baseAddress, min($0.count, countMax), 0)
        }
        guard received >= 0 else { throw Failure("receive") }
        return Array(buffer.prefix(received))
    }

    /// Everything up to the end of the stream.
    public func receiveAll() throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let bytes = try receive()
            if bytes.isEmpty { return all }
            all += bytes
        }
    }

    /// Whether there is something to receive, or the end, within a time.
    public func hasInput(withinMilliseconds milliseconds: CInt) -> Bool {
        waits(for: CInt(POLLIN), milliseconds)
    }

    /// Whether something can be sent within a time.
    public func canSend(withinMilliseconds milliseconds: CInt) -> Bool {
        waits(for: CInt(POLLOUT), milliseconds)
    }

    private func waits(for event: CInt, _ milliseconds: CInt) -> Bool {
        var wait = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        return unsafe poll(&wait, 1, milliseconds) > 0
    }

    /// Closes this half: the server sees the end and may still answer.
    public func finishSending() {
        _ = shutdown(descriptor, CInt(SHUT_WR))
    }

    public func close() {
        guard !isClosed else { return }
        isClosed = true
        _ = Glibc.close(descriptor)
    }

    /// Closes with a reset, as a crashed machine's connection ends.
    public func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, size)
        close()
    }

    private static func family(of address: SocketAddress) -> CInt {
        switch address {
        case .ipv4: AF_INET
        case .ipv6: AF_INET6
        case .unix: AF_UNIX
        }
    }

    private static func connect(_ descriptor: CInt, to address: SocketAddress) -> CInt {
        switch address {
        case .ipv4(let host, let port):
            var system = sockaddr_in()
            system.sin_family = sa_family_t(AF_INET)
            system.sin_port = port.bigEndian
            unsafe inet_pton(AF_INET, host, &system.sin_addr)
            return unsafe connect(descriptor, to: &system, MemoryLayout<sockaddr_in>.size)
        case .ipv6(let host, let port):
            var system = sockaddr_in6()
            system.sin6_family = sa_family_t(AF_INET6)
            system.sin6_port = port.bigEndian
            unsafe inet_pton(AF_INET6, host, &system.sin6_addr)
            return unsafe connect(descriptor, to: &system, MemoryLayout<sockaddr_in6>.size)
        case .unix(let path):
            var system = sockaddr_un()
            system.sun_family = sa_family_t(AF_UNIX)
            unsafe withUnsafeMutableBytes(of: &system.sun_path) { target in
                unsafe target.copyBytes(from: path.utf8.prefix(107))
            }
            return unsafe connect(descriptor, to: &system, MemoryLayout<sockaddr_un>.size)
        }
    }

    private static func connect(
        _ descriptor: CInt,
        to address: UnsafeRawPointer,
        _ size: Int
    ) -> CInt {
        unsafe Glibc.connect(
            descriptor,
            address.assumingMemoryBound(to: sockaddr.self),
            socklen_t(size)
        )
    }
}
