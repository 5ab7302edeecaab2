internal import Glibc
internal import Libuv
internal import Synchronization

/// Stands between a client and a server, and cuts a connection when something is said.
///
/// Every connection costs two threads that block.
public final class CuttingProxy: Sendable {
    /// What is lost when a client says the words that were named.
    public enum Loss: Hashable, Sendable {
        /// The words themselves, and the connection.
        case request
        /// The server's answer, and the connection.
        case answer
    }

    private struct State {
        var loss: Loss?
        var skipCount = 0
        var words: [UInt8] = []
        var cutCount = 0
        var lostAnswerCount = 0
        var isHeld = false
    }

    /// One connection through the proxy.
    private final class Passage: Sendable {
        let client: CInt
        let server: CInt
        let losesAnswer = Atomic<Bool>(false)

        init(client: CInt, server: CInt) {
            self.client = client
            self.server = server
        }

        func cut() {
            Glibc.shutdown(client, CInt(SHUT_RDWR))
            Glibc.shutdown(server, CInt(SHUT_RDWR))
        }

        /// After both threads have ended.
        func close() {
            Glibc.close(client)
            Glibc.close(server)
        }
    }

    public let port: Int
    private let listener: CInt
    private let serverPort: Int
    private let state = Mutex(State())
    private let acceptor = Mutex<NativeThread?>(nil)

    /// A proxy to a port of this machine.
    public init(to serverPort: Int) throws {
        self.serverPort = serverPort
        let listener = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        let (status, port) = unsafe withLoopback(port: 0) { address, size in
            unsafe Glibc.bind(listener, address, size) == 0
                ? unsafe Glibc.getsockname(listener, address, &size) : -1
        }
        precondition(status == 0 && Glibc.listen(listener, 16) == 0, "a port that is free")
        self.listener = listener
        self.port = port
        let thread = try NativeThread(name: "proxy") { [self] in accept() }
        acceptor.withLock { $0 = thread }
    }

    /// Cuts the next connection whose client says this, once; the first `skipCount` times it may.
    public func lose(_ loss: Loss, at words: [UInt8], after skipCount: Int = 0) {
        state.withLock { state in
            state.loss = loss
            state.skipCount = skipCount
            state.words = words
        }
    }

    public var cutCount: Int { state.withLock { $0.cutCount } }

    /// Answers that the server gave and that are lost.
    public var lostAnswerCount: Int { state.withLock { $0.lostAnswerCount } }

    /// Leaves a connection whose answer is lost open until ``release()``.
    public func hold() {
        state.withLock { $0.isHeld = true }
    }

    /// Cuts connections whose answers are lost, now and from now on.
    public func release() {
        state.withLock { $0.isHeld = false }
    }

    /// Accepts no more connections, and cuts those that there are.
    public func close() {
        release()
        Glibc.shutdown(listener, CInt(SHUT_RDWR))
        acceptor.withLock { $0.take() }?.join()
    }

    private func accept() {
        var passages: [Passage] = []
        var threads: [NativeThread] = []
        defer {
            for passage in passages { passage.cut() }
            for thread in threads { thread.join() }
            for passage in passages { passage.close() }
        }
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { break }
            let server = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
            let (status, _) = unsafe withLoopback(port: serverPort) { address, size in
                unsafe Glibc.connect(server, address, size)
            }
            let passage = Passage(client: client, server: server)
            passages.append(passage)
            guard status == 0 else {
                passage.cut()
                continue
            }
            do {
                threads.append(
                    try NativeThread(name: "to server") { [self] in carryRequests(passage) }
                )
                threads.append(
                    try NativeThread(name: "to client") { [self] in carryAnswers(passage) }
                )
            } catch {
                passage.cut()
            }
        }
        Glibc.close(listener)
    }

    private func carryRequests(_ passage: Passage) {
        while let bytes = receive(passage.client) {
            let loss = state.withLock { state -> Loss? in
                guard let loss = state.loss, bytes.contains(state.words) else { return nil }
                guard state.skipCount == 0 else {
                    state.skipCount -= 1
                    return nil
                }
                state.loss = nil
                state.cutCount += 1
                return loss
            }
            if loss == .request { break }
            if loss == .answer {
                passage.losesAnswer.store(true, ordering: .sequentiallyConsistent)
            }
            guard send(bytes, passage.server) else { break }
        }
        passage.cut()
    }

    private func carryAnswers(_ passage: Passage) {
        while let bytes = receive(passage.server) {
            // The server has done what it was asked, and nobody hears of it.
            if passage.losesAnswer.load(ordering: .sequentiallyConsistent) {
                state.withLock { $0.lostAnswerCount += 1 }
                while state.withLock({ $0.isHeld }) { NativeThread.pause(milliseconds: 1) }
                break
            }
            guard send(bytes, passage.client) else { break }
        }
        passage.cut()
    }
}

private func receive(_ socket: CInt) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe Glibc.recv(socket, &bytes, bytes.count, 0)
    return count > 0 ? Array(bytes.prefix(count)) : nil
}

private func send(_ bytes: [UInt8], _ socket: CInt) -> Bool {
    var sent = 0
    while sent < bytes.count {
        let rest = Array(bytes[sent...])
        let count = unsafe Glibc.send(socket, rest, rest.count, CInt(MSG_NOSIGNAL))
        guard count > 0 else { return false }
        sent += count
    }
    return true
}

/// Lends an address of this machine; returns its port as it is afterwards.
func withLoopback(
    port: Int,
    _ body: (UnsafeMutablePointer<sockaddr>, inout socklen_t) -> CInt
) -> (status: CInt, port: Int) {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = unsafe withUnsafeMutablePointer(to: &address) { address in
        unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            unsafe body(address, &size)
        }
    }
    return (status, Int(UInt16(bigEndian: address.sin_port)))
}
