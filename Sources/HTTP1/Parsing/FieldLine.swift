/// Where a field line's parts are, counted from the first byte of the head.
///
/// Ten bytes, so that the table of a head with eight fields is a little more than a cache line.
public struct FieldLine: Sendable {
    private let nameStart: UInt16
    private let nameEnd: UInt16
    private let valueStart: UInt16
    private let valueEnd: UInt16

    /// Which of the names known here this is.
    public let knownName: FieldName

    /// - Precondition: All offsets are at most 65,535, which ``HTTPLimits`` sees to.
    init(name: Range<Int>, value: Range<Int>, knownName: FieldName) {
        nameStart = UInt16(truncatingIfNeeded: name.lowerBound)
        nameEnd = UInt16(truncatingIfNeeded: name.upperBound)
        valueStart = UInt16(truncatingIfNeeded: value.lowerBound)
        valueEnd = UInt16(truncatingIfNeeded: value.upperBound)
        self.knownName = knownName
    }

    /// A line whose end is known and whose parts are not.
    init(unparsed line: Range<Int>) {
        self.init(name: line, value: line, knownName: .other)
    }

    /// The line as ``init(unparsed:)`` was given it.
    var line: Range<Int> { Int(nameStart)..<Int(valueEnd) }

    public var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }

    /// The value without the white space around it (RFC 9110 §5.5).
    public var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }
}
