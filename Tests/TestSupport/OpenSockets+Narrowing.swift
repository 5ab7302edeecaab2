internal import Foundation
internal import Glibc

extension OpenSockets {
    /// The descriptors of connections that were accepted at a socket of the file system.
    public static func accepted(atPath path: String) throws -> Set<CInt> {
        let names = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        let descriptors = names.compactMap { CInt($0) }
        return Set(descriptors.filter { self.path(of: $0) == path && !isListening($0) })
    }

    /// Has the kernel keep as little as it can of what is sent and not read.
    public static func narrow(_ descriptor: CInt) {
        var byteCount: CInt = 1
        let size = socklen_t(MemoryLayout<CInt>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &byteCount, size)
    }

    private static func path(of descriptor: CInt) -> String? {
        var address = sockaddr_un()
        var size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let status = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getsockname(descriptor, address, &size)
            }
        }
        guard status == 0, CInt(address.sun_family) == AF_UNIX else { return nil }
        return unsafe withUnsafeBytes(of: &address.sun_path) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private static func isListening(_ descriptor: CInt) -> Bool {
        var value: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        return unsafe getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0
            && value != 0
    }
}
