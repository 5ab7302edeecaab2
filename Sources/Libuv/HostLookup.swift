internal import CLibuv

/// Looks the addresses of a host up, on threads of libuv's.
public enum HostLookup {
    /// Starts a look-up; the loop is told the result in a later turn.
    ///
    /// How long it takes is for the system's resolver to say: whoever waits has a deadline of its own
    /// and ignores what comes later.
    ///
    /// - Parameters:
    ///   - host: A name or an address in its textual form.
    ///   - loop: The loop whose thread calls this.
    ///   - didEnd: Told once: the addresses in the order in which they are to be tried (RFC 6724), at
    ///     least one, or why there are none.
    public static func start(
        _ host: String,
        on loop: EventLoop,
        _ didEnd: @escaping (Result<[String], LibuvError>) -> Void
    ) {
        loop.checkIsolated()
        // libuv reads a C string: what follows a zero byte would go unread.
        guard !host.isEmpty, !host.utf8.contains(0) else {
            return loop.fail(host, status: UV_EINVAL.rawValue, didEnd)
        }
        let request = LookupRequest(host: host, didEnd)
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        let status = unsafe uv_getaddrinfo(
            loop.handle,
            request.retainedHandle(),
            onLookupEnd,
            host,
            nil,
            &hints
        )
        if status < 0 {
            request.release()
            loop.fail(host, status: status, didEnd)
        }
    }
}

extension EventLoop {
    /// Tells of a failure in a later turn, as of every other.
    fileprivate func fail(
        _ host: String,
        status: CInt,
        _ didEnd: @escaping (Result<[String], LibuvError>) -> Void
    ) {
        let error = LibuvError(LookupRequest.operation(host), status: status)
        var timer: OneShotTimer?
        timer = OneShotTimer(on: self) {
            timer?.close()
            timer = nil
            didEnd(.failure(error))
        }
        timer?.start(afterMilliseconds: 0)
    }
}

/// A look-up under way, which libuv holds on to until its callback.
///
/// Confined to the loop's thread.
@safe
private final class LookupRequest {
    private let handle: UnsafeMutablePointer<uv_getaddrinfo_t>
    private let host: String
    private let didEnd: (Result<[String], LibuvError>) -> Void

    init(host: String, _ didEnd: @escaping (Result<[String], LibuvError>) -> Void) {
        self.host = host
        self.didEnd = didEnd
        unsafe handle = .allocate(capacity: 1)
    }

    deinit {
        unsafe handle.deallocate()
    }

    static func operation(_ host: String) -> String { "look up \(host)" }

    func retainedHandle() -> UnsafeMutablePointer<uv_getaddrinfo_t> {
        // Safe: balanced by the callback, or by `release()` if there will be none.
        unsafe handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
        return unsafe handle
    }

    func release() {
        unsafe Unmanaged.passUnretained(self).release()
    }

    func end(status: CInt, _ first: UnsafeMutablePointer<addrinfo>?) {
        guard status >= 0 else {
            didEnd(.failure(LibuvError(Self.operation(host), status: status)))
            return
        }
        var addresses: [String] = []
        var next = unsafe first
        while let entry = unsafe next {
            if let address = unsafe Self.text(of: entry.pointee.ai_addr),
                !addresses.contains(address)
            {
                addresses.append(address)
            }
            unsafe next = unsafe entry.pointee.ai_next
        }
        let none = LibuvError(Self.operation(host), status: UV_EAI_NODATA.rawValue)
        didEnd(addresses.isEmpty ? .failure(none) : .success(addresses))
    }

    private static func text(of address: UnsafeMutablePointer<sockaddr>?) -> String? {
        guard let address = unsafe address else { return nil }
        // As long as the longest address of version 6, and its final zero (INET6_ADDRSTRLEN).
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 46) { text in
            guard unsafe uv_ip_name(address, text.baseAddress, text.count) == 0,
                let start = text.baseAddress
            else { return nil }
            return unsafe String(cString: start)
        }
    }
}

private let onLookupEnd: uv_getaddrinfo_cb = { handle, status, addresses in
    if let context = unsafe handle?.pointee.data {
        // Safe: the retain is that of `retainedHandle()`.
        let request = unsafe Unmanaged<LookupRequest>.fromOpaque(context).takeRetainedValue()
        unsafe request.end(status: status, addresses)
    }
    unsafe uv_freeaddrinfo(addresses)
}
