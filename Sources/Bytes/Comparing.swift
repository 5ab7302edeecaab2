extension Span where Element == UInt8 {
    /// Whether these are exactly the bytes of `text`.
    @inlinable
    public func equals(_ text: String) -> Bool {
        // The length is at hand; the bytes must be asked for.
        guard text.utf8.count == count else { return false }
        let utf8 = text.utf8
        return equals(utf8.span)
    }

    /// Whether these are the bytes of `other`, compared eight at a time.
    @inlinable
    public func equals(_ other: borrowing Span<UInt8>) -> Bool {
        guard other.count == count else { return false }
        var index = 0
        while index &+ 8 <= count {
            guard word(at: index) == other.word(at: index) else { return false }
            index &+= 8
        }
        while index < count {
            guard self[index] == other[index] else { return false }
            index &+= 1
        }
        return true
    }

    /// Whether these are the bytes of `text`, the case of ASCII letters aside.
    ///
    /// - Precondition: `lowercaseText` is in lower case.
    @inlinable
    public func equalsIgnoringCase(_ lowercaseText: String) -> Bool {
        guard lowercaseText.utf8.count == count else { return false }
        let utf8 = lowercaseText.utf8
        return equalsIgnoringCase(utf8.span)
    }

    /// Whether these are the bytes of `other`, the case of ASCII letters aside.
    ///
    /// - Precondition: `other` is in lower case.
    @inlinable
    public func equalsIgnoringCase(_ other: borrowing Span<UInt8>) -> Bool {
        guard other.count == count else { return false }
        var index = 0
        // Eight at a time: what is the same byte for byte needs no more.
        while index &+ 8 <= count, word(at: index) == other.word(at: index) { index &+= 8 }
        while index < count {
            guard ASCII.lowercased(self[index]) == other[index] else { return false }
            index &+= 1
        }
        return true
    }

    /// Where `byte` first stands at or after `start`.
    ///
    /// Sixteen bytes at a time, as long as none of them is it.
    @inlinable
    public func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        var index = start
        let wanted = SIMD16<UInt8>(repeating: byte)
        while index &+ 16 <= count, !any(block(at: index) .== wanted) { index &+= 16 }
        while index &+ 8 <= count {
            let offset = word(at: index).firstIndex(of: byte)
            if offset < 8 { return index &+ offset }
            index &+= 8
        }
        while index < count {
            if self[index] == byte { return index }
            index &+= 1
        }
        return nil
    }
}

extension String {
    /// The text that `bytes` encode.
    ///
    /// - Returns: `nil` if they are not UTF-8.
    public init?(validating bytes: borrowing Span<UInt8>) {
        let copy = ByteBuffer(copying: bytes)
        guard let text = String(validating: copy.bytes, as: UTF8.self) else { return nil }
        self = text
    }
}
