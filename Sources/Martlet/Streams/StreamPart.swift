package import Bytes
package import MCP

/// A piece of what is left of a stream, on its way to a process that the stream's client has come to.
package struct StreamPart: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        /// There is such a stream: what it says follows, perhaps much later.
        case found
        case message(sequence: Int, ByteBuffer)
        /// Something that has changed, and was not told yet.
        case change(ServerChange)
        /// Nothing more comes.
        case end
        /// Another stream has taken it over, and what is left follows this event of that one.
        case moved(EventID)
        /// There is no such stream, or nothing of it is kept any longer.
        case missing

        /// Whether no part follows it.
        var isLast: Bool {
            switch self {
            case .end, .moved, .missing: true
            case .found, .message, .change: false
            }
        }
    }

    /// Its place among the parts, from 0: they may arrive in another order, and twice.
    package let index: Int
    package let content: Content

    package init(index: Int, content: Content) {
        self.index = index
        self.content = content
    }
}
