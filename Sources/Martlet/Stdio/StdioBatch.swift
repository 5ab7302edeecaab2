internal import Bytes

/// The messages of one batch, answered together when the last of them is (JSON-RPC 2.0 §6).
///
/// Not `Sendable`: belongs to the loop.
final class StdioBatch {
    private var waitingCount: Int
    private var answers: [ByteBuffer] = []
    private let send: (ByteBuffer) -> Void

    /// - Parameters:
    ///   - count: How many messages there are.
    ///   - send: Called once with the array, unless there is nothing to answer.
    init(count: Int, send: @escaping (ByteBuffer) -> Void) {
        waitingCount = count
        self.send = send
    }

    /// One of the messages is answered, or gets no response.
    func receive(_ answer: ByteBuffer?) {
        waitingCount -= 1
        if let answer { answers.append(answer) }
        guard waitingCount == 0, !answers.isEmpty else { return }
        var content = ByteBuffer()
        content.append(ASCII.leftSquareBracket)
        for (index, answer) in answers.enumerated() {
            if index > 0 { content.append(ASCII.comma) }
            content.append(answer.span)
        }
        content.append(ASCII.rightSquareBracket)
        send(content)
    }
}
