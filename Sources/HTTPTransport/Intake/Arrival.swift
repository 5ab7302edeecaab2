internal import Bytes
internal import Libuv

/// A connection before its first request: whoever it is for has yet to be said.
///
/// Not `Sendable`: lives on its loop's thread.
final class Arrival {
    let stream: ByteStream
    private let proxy: PeerAddress?
    private let loop: HTTPLoop

    /// The tick after which it is given up.
    var deadline: UInt32

    private var received = ByteBuffer()
    private var isOver = false

    init(_ stream: ByteStream, from proxy: PeerAddress?, deadline: UInt32, on loop: HTTPLoop) {
        self.stream = stream
        self.proxy = proxy
        self.deadline = deadline
        self.loop = loop
    }

    /// Begins to read.
    func start() {
        stream.handler = self
        do throws(LibuvError) {
            try stream.startReading()
        } catch {
            close()
        }
    }

    /// The time is over.
    func didReachDeadline() {
        loop.report(.proxyHeaderOverdue, from: proxy)
        close()
    }

    func close() {
        isOver = true
        stream.close()
    }
}

extension Arrival: ByteStreamHandler {
    func didRead(_ bytes: borrowing Span<UInt8>) {
        guard !isOver else { return }
        received.append(bytes)
        switch ProxyHeader.read(received.span) {
        case .needsMoreInput:
            return
        case .malformed(let fault):
            loop.report(.proxyHeader(fault), from: proxy)
            close()
        case .complete(let header):
            var rest = ByteBuffer()
            swap(&rest, &received)
            rest.removeFirst(header.byteCount)
            let peer = header.source ?? proxy
            // What a proxy sends for itself, or for another proxy, counts in total only.
            let counted = loop.intake.trustedProxies.contains(peer) ? nil : peer
            guard loop.census.attribute(counted) else { return close() }
            isOver = true
            loop.remove(self)
            loop.begin(stream, from: peer, countedAs: counted, with: rest)
        }
    }

    func didReachEnd() {
        close()
    }

    func didDrain() {}

    func didFail(_ error: LibuvError) {
        close()
    }

    func didClose() {
        loop.remove(self)
        loop.census.release(nil)
    }
}
