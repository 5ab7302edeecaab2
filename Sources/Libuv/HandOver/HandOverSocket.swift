internal import CLibuv
internal import Glibc

/// One end of the connection on which a process gives its listening sockets to the next.
///
/// Messages keep their bounds (`SOCK_SEQPACKET`); descriptors travel beside them (`SCM_RIGHTS`,
/// unix(7)).
struct HandOverSocket: Sendable {
    /// What is said; descriptors come with ``sockets``.
    enum Message: String {
        case takeOver = "martlet hand-over 1"
        case sockets
        case endOfSockets = "end of sockets"
        /// The next process accepts connections already.
        case serving
        /// The next process accepts connections when the one before has ended.
        case waiting
    }

    /// Descriptors in one message, at most; the kernel takes 253 (`SCM_MAX_FD`).
    static let descriptorCountMax = 64

    let descriptor: CInt

    static func make() throws(LibuvError) -> HandOverSocket {
        let type = CInt(SOCK_SEQPACKET.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        try checkSystemCall(descriptor, "create a socket for handing over")
        return HandOverSocket(descriptor: descriptor)
    }

    func close() {
        _ = Glibc.close(descriptor)
    }

    /// Lets sending and receiving fail that take longer; 0 lets them take as long as they do.
    func limitTime(milliseconds: Int32) throws(LibuvError) {
        let (seconds, rest) = Int(milliseconds).quotientAndRemainder(dividingBy: 1_000)
        var limit = timeval(tv_sec: seconds, tv_usec: rest * 1_000)
        let size = socklen_t(MemoryLayout<timeval>.size)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            try checkSystemCall(
                unsafe setsockopt(descriptor, SOL_SOCKET, option, &limit, size),
                "limit the time for handing over"
            )
        }
    }

    /// Whether the other end belongs to the same user, or to root.
    func isPeerTrusted() throws(LibuvError) -> Bool {
        var credentials = clibuv_credentials()
        try checkSystemCall(
            unsafe clibuv_peer_credentials(descriptor, &credentials),
            "ask who wants to take over"
        )
        return credentials.user == geteuid() || credentials.user == 0
    }

    func send(_ message: Message, _ descriptors: [CInt] = []) throws(LibuvError) {
        let text = Array(message.rawValue.utf8)
        let sent = unsafe clibuv_send_descriptors(
            descriptor,
            text,
            text.count,
            descriptors,
            CInt(clamping: descriptors.count)
        )
        try checkSystemCall(CInt(clamping: sent), "hand over sockets")
    }

    /// Waits for a message.
    ///
    /// - Returns: `nil` at the end of the connection, or if it is none of ours; its descriptors are
    ///   closed then.
    func receive() throws(LibuvError) -> (message: Message, descriptors: [CInt])? {
        var text = [UInt8](repeating: 0, count: 128)
        var descriptors = [CInt](repeating: -1, count: Self.descriptorCountMax)
        var count: CInt = CInt(Self.descriptorCountMax)
        var received = -1
        repeat {
            count = CInt(Self.descriptorCountMax)
            received = unsafe clibuv_receive_descriptors(
                descriptor,
                &text,
                text.count,
                &descriptors,
                &count
            )
        } while received < 0 && errno == EINTR
        try checkSystemCall(CInt(clamping: received), "take over sockets")
        let taken = Array(descriptors.prefix(Int(count)))
        guard received > 0,
            let message = Message(
                rawValue: String(decoding: text.prefix(received), as: UTF8.self)
            )
        else {
            for descriptor in taken { _ = Glibc.close(descriptor) }
            return nil
        }
        return (message, taken)
    }
}
