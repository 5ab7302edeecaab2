/// Bytes on their way out: a growable, contiguous run that encoders append to.
///
/// A buffer that is emptied keeps its storage, so one buffer serves any number of responses
/// without allocating.
public struct ByteBuffer: Hashable, Sendable {
    /// The bytes themselves, for those who must hand them to an API that takes an array.
    public var bytes: [UInt8]

    @inlinable
    public init() {
        bytes = []
    }

    @inlinable
    public init(_ text: String) {
        bytes = Array(text.utf8)
    }

    @inlinable
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    @inlinable
    public init(copying span: borrowing Span<UInt8>) {
        bytes = []
        append(span)
    }

    @inlinable
    public var count: Int { bytes.count }

    @inlinable
    public var isEmpty: Bool { bytes.isEmpty }

    @inlinable
    public var span: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span }
    }

    @inlinable @inline(__always)
    public mutating func append(_ byte: UInt8) {
        bytes.append(byte)
    }

    @inlinable
    public mutating func append(_ source: borrowing Span<UInt8>) {
        let count = source.count
        // Nothing appended to nothing would write to the one empty storage that all threads share.
        guard count > 0 else { return }
        bytes.append(addingCapacity: count) { output in
            for index in 0..<count { output.append(source[index]) }
        }
    }

    @inlinable
    public mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    @inlinable
    public mutating func append(_ other: ByteBuffer) {
        bytes.append(contentsOf: other.bytes)
    }

    /// Appends decimal digits, with a leading hyphen below zero.
    public mutating func append(decimal value: Int) {
        if value < 0 { append(ASCII.hyphen) }
        append(decimal: value.magnitude)
    }

    public mutating func append(decimal value: UInt) {
        guard value >= Self.eightDigits else { return appendDigits(value, countMin: 1) }
        append(decimal: value / Self.eightDigits)
        appendDigits(value % Self.eightDigits, countMin: 8)
    }

    private static let eightDigits: UInt = 100_000_000

    /// Appends up to eight digits, which fit into one word.
    private mutating func appendDigits(_ value: UInt, countMin: Int) {
        var rest = value
        var digits: UInt64 = 0
        var count = 0
        repeat {
            // The last digit found is the first written, so it ends in the lowest byte.
            digits = digits &<< 8 | UInt64(rest % 10) &+ UInt64(ASCII.zero)
            rest /= 10
            count &+= 1
        } while rest > 0 || count < countMin
        bytes.append(addingCapacity: 8) { output in
            for _ in 0..<count {
                output.append(UInt8(truncatingIfNeeded: digits))
                digits &>>= 8
            }
        }
    }

    /// Overwrites bytes already written.
    ///
    /// For a length that is known only after what it measures.
    ///
    /// - Precondition: `source` fits between `offset` and the end.
    @inlinable
    public mutating func overwrite(at offset: Int, with source: borrowing Span<UInt8>) {
        for index in source.indices { bytes[offset + index] = source[index] }
    }

    /// Empties the buffer and keeps its storage.
    @inlinable
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Drops the first `count` bytes.
    ///
    /// - Precondition: There are so many.
    @inlinable
    public mutating func removeFirst(_ count: Int) {
        bytes.removeFirst(count)
    }
}
