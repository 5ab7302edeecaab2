internal import Bytes
internal import Libuv

/// Reads lines on a thread of its own and hands them over one at a time.
///
/// The next line is cut out when it is asked for, so that a client which sends faster than it is
/// answered waits in its own write.
///
/// Not `Sendable`: belongs to the loop.
final class LineInput {
    enum Event: Sendable {
        case line(ByteBuffer)
        case tooLong
        /// Nothing more comes.
        case end
        /// Nothing more can be read.
        case failed(LibuvError)
    }

    /// Bytes that are read at once.
    private static let readByteCount = 65_536

    private enum Ticket: Sendable {
        case next
    }

    private let tickets = Mailbox<Ticket>(countMax: 1)
    private let interruption: Interruption
    private let descriptor: InputDescriptor
    private let byteCountMax: Int
    private var thread: NativeThread?

    /// - Parameters:
    ///   - descriptor: What is read.
    ///   - byteCountMax: Bytes of a line.
    /// - Throws: ``LibuvError`` when the process is out of descriptors.
    init(_ descriptor: InputDescriptor, byteCountMax: Int) throws(LibuvError) {
        self.descriptor = descriptor
        self.byteCountMax = byteCountMax
        interruption = try Interruption()
    }

    /// Begins to read; the first line is handed over unasked.
    ///
    /// `receive` is called on the thread for each event; what comes after it is asked for with
    /// ``next()``.
    ///
    /// - Throws: ``LibuvError`` when the process is out of threads.
    func start(_ receive: @escaping @Sendable (Event) -> Void) throws(LibuvError) {
        thread = try NativeThread(name: "stdin") {
            [descriptor, byteCountMax, interruption, tickets] in
            var splitter = LineSplitter(byteCountMax: byteCountMax)
            let end = Self.read(descriptor, interruption, &splitter) { event in
                receive(event)
                return tickets.receiveAll() != nil
            }
            if let end { receive(end) }
        }
    }

    /// Asks for what comes after the last event.
    func next() {
        // One that waits already is as good as two.
        _ = tickets.send(.next)
    }

    /// What ends the thread; call it off the loop, as it waits for it.
    func makeClosing() -> @Sendable () -> Void {
        { [tickets, interruption, thread] in
            tickets.close()
            interruption.interrupt()
            thread?.join()
        }
    }

    /// - Returns: The last event; `nil` if nobody wants one any more.
    private static func read(
        _ descriptor: InputDescriptor,
        _ interruption: Interruption,
        _ splitter: inout LineSplitter,
        _ handOver: (Event) -> Bool
    ) -> Event? {
        var bytes = [UInt8](repeating: 0, count: readByteCount)
        while true {
            let count: Int
            do throws(LibuvError) {
                guard let read = try descriptor.read(into: &bytes, unless: interruption) else {
                    return nil
                }
                count = read
            } catch {
                return .failed(error)
            }
            guard count > 0 else {
                if let piece = splitter.finish(), !handOver(event(piece)) { return nil }
                return .end
            }
            var position = 0
            while let piece = splitter.next(bytes.span.extracting(..<count), at: &position) {
                guard handOver(event(piece)) else { return nil }
            }
        }
    }

    private static func event(_ piece: LineSplitter.Piece) -> Event {
        switch piece {
        case .line(let line): .line(line)
        case .tooLong: .tooLong
        }
    }
}
