/// A string as it stands in the input: the range between its quotation marks.
///
/// The reader that made it turns it into text; it means nothing to another reader.
public struct JSONString: Hashable, Sendable {
    public let range: Range<Int>

    /// Whether the range holds escape sequences.
    ///
    /// Without them its bytes are the text.
    public let hasEscapes: Bool

    @inlinable
    public init(range: Range<Int>, hasEscapes: Bool) {
        self.range = range
        self.hasEscapes = hasEscapes
    }
}
