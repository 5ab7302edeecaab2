internal import Bytes
internal import HTTP1
internal import HTTPTransport

/// One exchange whose response is an event stream (WHATWG HTML §9.2).
///
/// Not `Sendable`: belongs to its connection's loop. What is sent after the stream has ended, or
/// its client has gone, goes nowhere.
final class StreamOutlet: ChangeOutlet {
    private let connection: HTTPConnection
    private let exchange: HTTPConnection.ExchangeID
    private(set) var isOpen = true

    /// Told once, when the client is gone before the stream was ended.
    var didLoseClient: () -> Void = {}

    /// Told when the client has read all that was sent.
    var didDrain: () -> Void = {}

    /// Told when the server begins to stop.
    var serverStops: () -> Void = {}

    /// Begins the stream, with a comment so that intermediaries pass it on at once.
    ///
    /// - Returns: `nil` if the exchange is over.
    init?(
        _ head: ResponseHead,
        on connection: HTTPConnection,
        _ exchange: HTTPConnection.ExchangeID
    ) {
        self.connection = connection
        self.exchange = exchange
        guard connection.beginStream(head, to: exchange) else { return nil }
        keepAlive()
    }

    /// Whether the client is behind with reading: what can be left out is.
    var isCongested: Bool { connection.isStreamCongested }

    func send(_ message: Span<UInt8>) {
        send(message, .init())
    }

    func send(_ message: Span<UInt8>, _ event: EventStream.Event) {
        guard isOpen else { return }
        var bytes = ByteBuffer()
        EventStream.encode(event, data: message, into: &bytes)
        connection.send(bytes.span, to: exchange)
    }

    /// A comment, by which everybody on the way sees that the stream is alive.
    func keepAlive() {
        guard isOpen else { return }
        var bytes = ByteBuffer()
        EventStream.encodeComment(ByteBuffer().span, into: &bytes)
        connection.send(bytes.span, to: exchange)
    }

    func end() {
        guard isOpen else { return }
        isOpen = false
        connection.endStream(of: exchange)
    }

    /// The client is gone.
    func lose() {
        guard isOpen else { return }
        isOpen = false
        didLoseClient()
    }
}
