internal import Bytes
internal import Libuv

/// Writes lines in order, on a thread of its own that may wait for whoever reads them.
///
/// Not `Sendable`: belongs to the loop. What is not written yet is kept here, and
/// ``isCongested`` tells when to produce no more of what can be left out or put off.
final class LineOutput {
    private enum State {
        case idle
        /// So many bytes are with the thread.
        case writing(byteCount: Int)
        /// Nobody reads any more.
        case failed
    }

    private let descriptor: OutputDescriptor
    private let highWaterMark: Int
    private let loop: EventLoop
    private var state = State.idle
    private var queue = ByteBuffer()
    private let batches = Mailbox<ByteBuffer>(countMax: 1)
    private let interruption: Interruption
    private var thread: NativeThread?

    /// Told when there is room again.
    var didDrain: () -> Void = {}

    /// Told once, when nothing can be written any more.
    var didFail: (LibuvError) -> Void = { _ in }

    /// Told once, when everything is written or can no longer be.
    private var didFlush: (() -> Void)?

    /// - Parameters:
    ///   - descriptor: What is written to.
    ///   - highWaterMark: Bytes that wait to be written before the client counts as behind.
    ///   - loop: Where the lines come from.
    /// - Throws: ``LibuvError`` when the process is out of descriptors.
    init(
        _ descriptor: OutputDescriptor,
        highWaterMark: Int,
        on loop: EventLoop
    ) throws(LibuvError) {
        self.highWaterMark = highWaterMark
        self.loop = loop
        self.descriptor = descriptor
        interruption = try Interruption()
    }

    /// Begins to write.
    ///
    /// - Throws: ``LibuvError`` when the process is out of threads.
    func start() throws(LibuvError) {
        let bound = LoopBound(self, on: loop)
        thread = try NativeThread(name: "stdout") { [descriptor, batches, interruption] in
            while let waiting = batches.receiveAll() {
                for batch in waiting {
                    do throws(LibuvError) {
                        guard try descriptor.write(batch.span, unless: interruption) else { return }
                        bound.runLater { $0.didWrite() }
                    } catch {
                        bound.runLater { $0.fail(error) }
                        return
                    }
                }
            }
        }
    }

    /// Whether the client is behind with reading.
    var isCongested: Bool {
        if case .writing(let byteCount) = state { return byteCount + queue.count > highWaterMark }
        return false
    }

    /// Sends one message, on one line: a line feed in JSON is white space, since strings have it
    /// escaped (RFC 8259 §7), and another white space does as well.
    func send(_ message: Span<UInt8>) {
        if case .failed = state { return }
        var start = 0
        while let feed = message.firstIndex(of: ASCII.lineFeed, from: start) {
            queue.append(message.extracting(start..<feed))
            queue.append(ASCII.space)
            start = feed + 1
        }
        queue.append(message.extracting(start...))
        queue.append(ASCII.lineFeed)
        if case .idle = state { handOver() }
    }

    /// Calls back when everything sent is written, or cannot be.
    func flush(_ done: @escaping () -> Void) {
        switch state {
        case .idle, .failed: done()
        case .writing: didFlush = done
        }
    }

    /// What ends the thread; call it off the loop, as it waits for it.
    ///
    /// What is not written by then never will be.
    func makeClosing() -> @Sendable () -> Void {
        let thread = thread
        return { [batches, interruption] in
            batches.close()
            interruption.interrupt()
            thread?.join()
        }
    }

    private func handOver() {
        guard !queue.isEmpty else {
            state = .idle
            didFlush?()
            didFlush = nil
            return
        }
        let batch = queue
        queue = ByteBuffer()
        state = .writing(byteCount: batch.count)
        // There is room, as the thread has one batch at a time; once closed nothing is sent.
        _ = batches.send(batch)
    }

    private func didWrite() {
        let wasCongested = isCongested
        handOver()
        if wasCongested, !isCongested { didDrain() }
    }

    private func fail(_ error: LibuvError) {
        state = .failed
        queue = ByteBuffer()
        didFail(error)
        didFlush?()
        didFlush = nil
    }
}
