internal import Bytes
internal import MCP

/// One of the streams that share standard output: a `subscriptions/listen`, told apart by the id
/// that its messages bear, or what a legacy session hears of.
///
/// Not `Sendable`: belongs to the loop.
final class StdioOutlet: ChangeOutlet {
    private let output: LineOutput
    private let request: ListenRequest?
    private(set) var isOpen = true

    var didLoseClient: () -> Void = {}
    var didDrain: () -> Void = {}
    var serverStops: () -> Void = {}

    /// Told once, when nothing more is sent.
    private let didClose: (StdioOutlet) -> Void

    /// The request is `nil` for what a session hears of.
    init(
        _ request: ListenRequest?,
        on output: LineOutput,
        didClose: @escaping (StdioOutlet) -> Void
    ) {
        self.request = request
        self.output = output
        self.didClose = didClose
    }

    /// What the client calls the stream.
    var id: RequestID? { request?.id }

    var isCongested: Bool { output.isCongested }

    func send(_ message: Span<UInt8>) {
        if isOpen { output.send(message) }
    }

    /// Says so to the client, after the response that was sent before.
    func end() {
        guard isOpen else { return }
        isOpen = false
        if let request {
            var message = ByteBuffer()
            request.encodeCancellation(into: &message)
            output.send(message.span)
        }
        didClose(self)
    }

    /// The client wants no more of it, or is gone: nothing is said.
    func lose() {
        guard isOpen else { return }
        isOpen = false
        didLoseClient()
        didClose(self)
    }
}
