/// A number as it stands in the input.
///
/// The reader that made it turns it into a value; it means nothing to another reader.
public struct JSONNumber: Hashable, Sendable {
    public let range: Range<Int>

    /// Whether it is written with neither a fraction nor an exponent.
    ///
    /// A matter of spelling: `1.0` is an integer by value and is not written as one.
    public let isInteger: Bool

    @inlinable
    public init(range: Range<Int>, isInteger: Bool) {
        self.range = range
        self.isInteger = isInteger
    }
}
