internal import Glibc

/// The sockets that this process has open, found by looking at every descriptor.
public enum OpenSockets {
    /// How many are bound to a local TCP port; the listening ones count as well.
    public static func count(boundToPort port: UInt16) -> Int {
        (0..<descriptorCountMax).count { localPort(of: CInt($0)) == port }
    }

    private static var descriptorCountMax: Int {
        var limit = rlimit()
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: min(limit.rlim_cur, 65_536))
    }

    private static func localPort(of descriptor: CInt) -> UInt16? {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getsockname(descriptor, address, &size)
            }
        }
        guard status == 0, CInt(address.sin_family) == AF_INET else { return nil }
        return UInt16(bigEndian: address.sin_port)
    }
}
