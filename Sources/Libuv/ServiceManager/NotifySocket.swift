internal import CLibuv
internal import Glibc

/// Where a service manager is told how a service does: the socket that `NOTIFY_SOCKET` names
/// (sd_notify(3)).
public struct NotifySocket: Hashable, Sendable {
    private let name: [UInt8]

    /// `nil` if the text is neither a path nor, behind `@`, a name in the abstract namespace of
    /// Linux, or longer than such an address.
    public init?(_ text: String) {
        var name = Array(text.utf8)
        guard name.count > 1, name.count < 108, !name.contains(0),
            name[0] == 0x2F || name[0] == 0x40
        else { return nil }
        // An abstract name begins with a zero byte (unix(7)).
        if name[0] == 0x40 { name[0] = 0 }
        self.name = name
    }

    /// Sends assignments, one on each line, such as `READY=1`.
    ///
    /// Never waits: a manager that does not read learns it later, or not at all.
    ///
    /// - Throws: ``LibuvError``: nobody is there, or the manager does not read.
    public func send(_ assignments: String) throws(LibuvError) {
        let type = CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        try checkSystemCall(descriptor, "create a socket for notifications")
        defer { _ = Glibc.close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { path in
            for (index, byte) in name.enumerated() { unsafe path[index] = byte }
        }
        let isAbstract = name.first == 0
        let pathOffset = MemoryLayout<sockaddr_un>.size - 108
        // A path ends with a zero; every byte of an abstract name is part of it.
        let size = socklen_t(pathOffset + name.count + (isAbstract ? 0 : 1))
        let text = Array(assignments.utf8)
        let sent = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe text.withUnsafeBytes { text in
                    let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
                    return unsafe sendto(
                        descriptor,
                        text.baseAddress,
                        text.count,
                        flags,
                        address,
                        size
                    )
                }
            }
        }
        try checkSystemCall(CInt(clamping: sent), "notify the service manager")
    }
}
