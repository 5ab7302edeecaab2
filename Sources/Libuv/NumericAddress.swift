internal import CLibuv

/// IP addresses in their textual form, without a resolver.
enum NumericAddress {
    // libuv reads C strings: what follows a zero byte would go unread.

    static func isIPv4(_ host: String) -> Bool {
        guard !host.utf8.contains(0) else { return false }
        var address = sockaddr_in()
        return unsafe uv_ip4_addr(host, 0, &address) == 0
    }

    static func isIPv6(_ host: String) -> Bool {
        guard !host.utf8.contains(0) else { return false }
        var address = sockaddr_in6()
        return unsafe uv_ip6_addr(host, 0, &address) == 0
    }
}

extension SocketAddress {
    /// Lends the address in the form system calls take.
    ///
    /// - Throws: ``LibuvError`` if the text is not an address after all.
    func withSystemAddress<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) throws(LibuvError) -> Result
    ) throws(LibuvError) -> Result {
        var storage = sockaddr_storage()
        let size: Int
        switch self {
        case .ipv4(let host, let port):
            var address = sockaddr_in()
            try unsafe check(uv_ip4_addr(host, CInt(port), &address), "use address \(self)")
            size = MemoryLayout<sockaddr_in>.size
            unsafe withUnsafeMutableBytes(of: &storage) { storage in
                unsafe storage.storeBytes(of: address, as: sockaddr_in.self)
            }
        case .ipv6(let host, let port):
            var address = sockaddr_in6()
            try unsafe check(uv_ip6_addr(host, CInt(port), &address), "use address \(self)")
            size = MemoryLayout<sockaddr_in6>.size
            unsafe withUnsafeMutableBytes(of: &storage) { storage in
                unsafe storage.storeBytes(of: address, as: sockaddr_in6.self)
            }
        case .unix(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { target in
                // The initializer bounds the path, so the final zero of the storage remains.
                for (index, byte) in path.utf8.prefix(107).enumerated() {
                    unsafe target[index] = byte
                }
            }
            size = MemoryLayout<sockaddr_un>.size
            unsafe withUnsafeMutableBytes(of: &storage) { storage in
                unsafe storage.storeBytes(of: address, as: sockaddr_un.self)
            }
        }
        let result = unsafe withUnsafeBytes(of: &storage) {
            storage -> Swift.Result<Result, LibuvError> in
            guard let base = storage.baseAddress else {
                preconditionFailure("a value has an address")
            }
            do throws(LibuvError) {
                let address = unsafe base.assumingMemoryBound(to: sockaddr.self)
                return .success(try unsafe body(address, socklen_t(size)))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
