import Bytes

/// Finds a member's name and the colon after it (RFC 8259 §4).
///
///     member = string name-separator value
enum MemberScanner {
    /// Scans from `start`, where white space has been skipped.
    ///
    /// - Returns: The name and the index after the colon.
    @inline(__always)
    static func scan(
        _ input: borrowing Span<UInt8>,
        from start: Int
    ) throws(JSONError) -> (name: JSONString, end: Int) {
        guard start < input.count else { throw JSONError(.endOfInput, offset: start) }
        guard input[start] == ASCII.quotationMark else {
            throw JSONError(.expectedMemberName, offset: start)
        }
        let name = try StringScanner.scan(input, from: start &+ 1)
        let colon = WhiteSpace.end(in: input, from: name.range.upperBound &+ 1)
        guard colon < input.count else { throw JSONError(.endOfInput, offset: colon) }
        guard input[colon] == ASCII.colon else { throw JSONError(.expectedColon, offset: colon) }
        return (name, colon &+ 1)
    }
}
