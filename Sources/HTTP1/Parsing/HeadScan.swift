internal import Bytes

/// The search for the end of a head, which remembers how far it has come.
///
/// It finds the line ends and refuses every control byte that is not part of one, before anything
/// is interpreted. So a head that arrives in pieces is refused for the same reason, at the same
/// byte, as one that arrives whole, and a byte-at-a-time client costs linear work.
struct HeadScan {
    /// Bytes known to hold no unfinished business; the search goes on here.
    private(set) var scannedByteCount: UInt32 = 0
    private var lineStart: UInt32 = 0
    private var fieldSectionStart: UInt32 = 0
    /// Complete lines, the request line included.
    private var lineCount: UInt16 = 0

    /// Continues through `bytes`, which begin with the head, and notes the lines it completes.
    ///
    /// The notes in `head` are those of a whole head only if one call saw it from its first byte.
    ///
    /// - Returns: Whether the head is complete.
    mutating func advance(
        through bytes: borrowing Span<UInt8>,
        limits: HTTPLimits,
        into head: inout RequestHead
    ) throws(HTTPParseError) -> Bool {
        var cursor = Int(scannedByteCount)
        while let index = bytes.firstIndexOfControl(from: cursor) {
            if bytes[index] == ASCII.horizontalTab {
                cursor = index &+ 1
                continue
            }
            try checkLength(upTo: index, limits)
            guard bytes[index] == ASCII.carriageReturn else {
                let isLineFeed = bytes[index] == ASCII.lineFeed
                throw HTTPParseError(isLineFeed ? .bareLineFeed : .controlCharacter, offset: index)
            }
            guard index &+ 1 < bytes.count else {
                scannedByteCount = UInt32(truncatingIfNeeded: index)
                return false
            }
            guard bytes[index &+ 1] == ASCII.lineFeed else {
                throw HTTPParseError(.bareCarriageReturn, offset: index)
            }
            let line = Int(lineStart)..<index
            if line.isEmpty && lineCount > 0 {
                head.byteCount = index &+ 2
                return true
            }
            try endLine(line, limits, into: &head)
            cursor = index &+ 2
        }
        try checkLength(upTo: bytes.count, limits)
        scannedByteCount = UInt32(truncatingIfNeeded: bytes.count)
        return false
    }

    /// Refuses a line that is too long already, whether or not its end is in sight.
    @inline(__always)
    private func checkLength(upTo index: Int, _ limits: HTTPLimits) throws(HTTPParseError) {
        if lineCount == 0 {
            guard index <= limits.requestLineByteCountMax else {
                let max = limits.requestLineByteCountMax
                throw HTTPParseError(.requestLineTooLong(byteCountMax: max), offset: max)
            }
        } else {
            let max = limits.fieldSectionByteCountMax
            guard index &- Int(fieldSectionStart) <= max else {
                throw HTTPParseError(
                    .fieldSectionTooLarge(byteCountMax: max),
                    offset: Int(fieldSectionStart) + max
                )
            }
        }
    }

    @inline(__always)
    private mutating func endLine(
        _ line: Range<Int>,
        _ limits: HTTPLimits,
        into head: inout RequestHead
    ) throws(HTTPParseError) {
        let next = line.upperBound &+ 2
        if lineCount == 0 {
            fieldSectionStart = UInt32(truncatingIfNeeded: next)
            head.noteRequestLine(end: line.upperBound)
        } else {
            guard Int(lineCount) <= limits.fieldCountMax else {
                let max = limits.fieldCountMax
                throw HTTPParseError(.tooManyFields(countMax: max), offset: line.lowerBound)
            }
            head.noteFieldLine(line)
        }
        lineCount &+= 1
        lineStart = UInt32(truncatingIfNeeded: next)
    }
}
