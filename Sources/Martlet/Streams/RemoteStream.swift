/// What another process sends of a stream whose client has come back here, put in order.
///
/// Not `Sendable`: belongs to the loop of the client's connection.
package final class RemoteStream {
    /// Parts that may arrive before one that comes earlier.
    package static let earlyCountMax = 4_096

    /// How long a process may take to say that it has the stream.
    package static let answerSecondsMax = 5

    /// How long a stream may say nothing, before its client is to come back and ask again: the process
    /// that answers it may have ended.
    package static let silentSecondsMax = 20

    private let didHear: (StreamPart.Content) -> Void
    private var nextIndex = 0
    private var early: [Int: StreamPart.Content] = [:]
    private var silentSeconds = 0
    package private(set) var isOver = false

    /// - Parameter didHear: Called with each part in its order, and last with
    ///   ``StreamPart/Content/end``, ``StreamPart/Content/moved(_:)`` or ``StreamPart/Content/missing``.
    package init(_ didHear: @escaping (StreamPart.Content) -> Void) {
        self.didHear = didHear
    }

    package func receive(_ part: StreamPart) {
        guard part.index >= nextIndex, part.index - nextIndex < Self.earlyCountMax else { return }
        early[part.index] = part.content
        silentSeconds = 0
        while !isOver, let content = early.removeValue(forKey: nextIndex) {
            nextIndex += 1
            tell(content)
        }
    }

    /// A second has passed.
    package func tick() {
        silentSeconds += 1
        if nextIndex == 0, silentSeconds > Self.answerSecondsMax { tell(.missing) }
        if silentSeconds > Self.silentSecondsMax { tell(.end) }
    }

    /// Nobody is there to be told.
    package func close() {
        isOver = true
    }

    private func tell(_ content: StreamPart.Content) {
        guard !isOver else { return }
        isOver = content.isLast
        didHear(content)
    }
}
