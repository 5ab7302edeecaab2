internal import Bytes
internal import Libuv
internal import TLS

/// Between a socket and the HTTP connection on it: decrypts what comes and encrypts what goes.
///
/// It owns no buffers while nothing is on its way: plaintext is read into one of the loop's, and
/// ciphertext gathers in another until the socket has it.
///
/// Not `Sendable`: lives on its loop's thread.
final class TLSLayer {
    private let stream: ByteStream
    private let session: TLSSession
    private let loop: HTTPLoop

    /// Whose handshake it is, until that is complete.
    private var arrival: Arrival?

    /// Whose bytes are passed on, from then on.
    var connection: HTTPConnection?

    private var hasFailed = false
    private var hasEnded = false
    private var hasSaidGoodbye = false

    init(_ stream: ByteStream, _ session: TLSSession, for arrival: Arrival, on loop: HTTPLoop) {
        self.stream = stream
        self.session = session
        self.arrival = arrival
        self.loop = loop
    }

    /// Encrypts bytes and sends them.
    ///
    /// - Returns: `false` if the connection has failed.
    func write(_ plaintext: Span<UInt8>) -> Bool {
        borrowOutput()
        do throws(TLSError) {
            try session.write(plaintext)
        } catch {
            return false
        }
        return flush()
    }

    /// Tells the peer that nothing more follows, in both languages.
    func finishWriting() {
        sayGoodbye()
        stream.finishWriting()
    }

    /// Tells the peer that nothing more follows, in TLS: what ends without it may have been cut off
    /// by somebody else.
    func sayGoodbye() {
        guard !hasFailed, !hasSaidGoodbye else { return }
        hasSaidGoodbye = true
        borrowOutput()
        session.finishWriting()
        // Whoever is gone need not be told.
        _ = flush()
    }

    private func advance() {
        // Moved out and back, so that nothing else touches it while it is lent.
        var buffer: [UInt8] = []
        swap(&buffer, &loop.plaintext)
        defer { swap(&buffer, &loop.plaintext) }
        if buffer.count < TLSSession.plaintextByteCountMax {
            buffer = Array(repeating: 0, count: TLSSession.plaintextByteCountMax)
        }
        while !hasFailed {
            let event: TLSSession.Event
            do throws(TLSError) {
                event = try session.next(into: &buffer)
            } catch {
                return fail(error)
            }
            guard flush() else { return lose() }
            switch event {
            case .needsMoreInput:
                // What TLS itself had to answer may have filled the send queue.
                connection?.adjustReading()
                return
            case .established: establish()
            case .plaintext(let count): connection?.didRead(buffer.span.extracting(..<count))
            case .ended: end()
            }
        }
    }

    private func establish() {
        guard let arrival else { return }
        self.arrival = nil
        arrival.didShakeHands(self)
    }

    private func end() {
        guard !hasEnded else { return }
        hasEnded = true
        if let arrival {
            arrival.close()
        } else {
            connection?.didReachEnd()
        }
    }

    /// What came is not TLS, or not as this server speaks it: the peer is told why.
    private func fail(_ error: TLSError) {
        hasFailed = true
        _ = flush()
        if let arrival {
            arrival.didFailHandshake(error)
        } else {
            connection?.close()
        }
    }

    /// The socket has failed.
    private func lose() {
        hasFailed = true
        if let arrival {
            arrival.close()
        } else {
            connection?.close()
        }
    }

    // The buffer that ciphertext gathers in is the loop's, lent to one session at a time.

    private func borrowOutput() {
        if session.output.bytes.capacity == 0 { swap(&session.output, &loop.ciphertext) }
    }

    /// - Returns: `false` if the socket has failed.
    private func flush() -> Bool {
        // Nothing was lent since: what is lent already stays where it is.
        guard session.output.bytes.capacity > 0 else { return true }
        var bytes = ByteBuffer()
        swap(&bytes, &session.output)
        var isSent = true
        if !bytes.isEmpty {
            do throws(LibuvError) {
                try stream.write(bytes.span)
            } catch {
                isSent = false
            }
        }
        // What one giant response needed is not kept for all the small ones.
        if bytes.bytes.capacity <= Self.outputCapacityMax {
            bytes.removeAll()
            swap(&bytes, &loop.ciphertext)
        }
        return isSent
    }

    private static let outputCapacityMax = 1_048_576
}

extension TLSLayer: ByteStreamHandler {
    func didRead(_ bytes: borrowing Span<UInt8>) {
        guard !hasFailed else { return }
        borrowOutput()
        session.withInput(copy bytes) { advance() }
    }

    func didReachEnd() {
        end()
    }

    func didDrain() {
        connection?.didDrain()
    }

    func didDrainPartly() {
        connection?.didDrainPartly()
    }

    func didFail(_ error: LibuvError) {
        lose()
    }

    func didClose() {
        arrival?.didClose()
        arrival = nil
        connection?.didClose()
        connection = nil
    }
}
