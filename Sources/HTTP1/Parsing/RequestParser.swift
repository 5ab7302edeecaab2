internal import Bytes

/// Splits what a client sends into requests: a head, its body as it arrives, an end (RFC 9112).
///
/// A value without a socket: bytes in, one step out. It keeps its place and none of the bytes, so a
/// connection between two requests costs a few words. What is ambiguous is refused, never
/// repaired; where that is stricter than the RFC, the place that refuses says so.
///
///     var position = 0
///     while true {
///         switch try parser.parse(input, at: &position, into: &head) {
///         case .head: …                    // input[start of head ..< position]
///         case .body(let range): …         // input[range]
///         case .end: …                     // answer; the next call begins the next request
///         case .needsMoreInput: return     // keep what is at and after `position`
///         }
///     }
public struct RequestParser: ~Copyable, Sendable {
    /// What the bytes just consumed amount to.
    public enum Output: Hashable, Sendable {
        /// Nothing more to report before more bytes arrive.
        case needsMoreInput
        /// The head is complete and `head` filled in; its bytes end at `position`.
        case head
        /// Content, as a range of the input, at least one byte.
        case body(Range<Int>)
        /// The request is complete. Reported once for every head, also without a body.
        case end
    }

    private enum State {
        case head(HeadScan, emptyLineCount: UInt8)
        case content(remaining: Int)
        case chunked(ChunkedDecoder)
        case failed(HTTPParseError)
    }

    private let limits: HTTPLimits
    private var state = State.head(HeadScan(), emptyLineCount: 0)

    /// Bytes of this request before `position`, from the first byte of its head.
    private var consumedByteCount = 0

    public init(limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
    }

    /// Whether nothing of a next request has been seen, empty lines before it aside.
    public var isBetweenRequests: Bool {
        guard case .head(let scan, _) = state else { return false }
        return scan.scannedByteCount == 0
    }

    /// Consumes input from `position` until there is something to report.
    ///
    /// While a head is incomplete nothing of it is consumed: `position` stays at its first byte,
    /// and the next call must see the same bytes again with more behind them, at whatever place.
    /// The search for the end resumes where it stopped.
    ///
    /// - Parameters:
    ///   - input: Bytes received and not yet consumed.
    ///   - position: Index of the next byte; moved past every byte consumed.
    ///   - head: Overwritten when a head begins; what it says is good once ``Output/head`` is
    ///     returned, until the next call between two requests.
    /// - Returns: What was found, or that more is needed.
    /// - Throws: ``HTTPParseError`` if this is not a request served here. The connection must then
    ///   be closed after the answer; every further call throws the same.
    /// - Precondition: `position` is in `0...input.count`.
    public mutating func parse(
        _ input: borrowing Span<UInt8>,
        at position: inout Int,
        into head: inout RequestHead
    ) throws(HTTPParseError) -> Output {
        do throws(HTTPParseError) {
            switch state {
            case .head(let scan, let emptyLineCount):
                return try parseHead(input, at: &position, into: &head, scan, emptyLineCount)
            case .content(let remaining):
                return parseContent(input, at: &position, remaining: remaining)
            case .chunked(let decoder):
                return try parseChunked(input, at: &position, decoder)
            case .failed(let error):
                throw error
            }
        } catch {
            state = .failed(error)
            throw error
        }
    }

    private mutating func parseHead(
        _ input: borrowing Span<UInt8>,
        at position: inout Int,
        into head: inout RequestHead,
        _ previousScan: HeadScan,
        _ previousEmptyLineCount: UInt8
    ) throws(HTTPParseError) -> Output {
        var scan = previousScan
        var emptyLineCount = previousEmptyLineCount
        let isFirstSight = scan.scannedByteCount == 0
        if isFirstSight {
            try skipEmptyLines(input, at: &position, count: &emptyLineCount)
        }
        head.removeAll(fieldCountMax: limits.fieldCountMax)
        let bytes = input.extracting(position...)
        guard try scan.advance(through: bytes, limits: limits, into: &head) else {
            state = .head(scan, emptyLineCount: emptyLineCount)
            return .needsMoreInput
        }
        if !isFirstSight {
            // The lines found by earlier calls were noted in a head that has been reused since.
            // One more pass finds all: twice the work for a head in pieces, however many.
            var fullScan = HeadScan()
            head.removeAll(fieldCountMax: limits.fieldCountMax)
            _ = try fullScan.advance(through: bytes, limits: limits, into: &head)
        }
        try head.interpret(bytes)
        consumedByteCount = head.byteCount
        position += head.byteCount
        switch head.framing {
        case .none: state = .content(remaining: 0)
        case .contentLength(let byteCount): state = .content(remaining: byteCount)
        case .chunked: state = .chunked(ChunkedDecoder())
        }
        return .head
    }

    private func skipEmptyLines(
        _ input: borrowing Span<UInt8>,
        at position: inout Int,
        count: inout UInt8
    ) throws(HTTPParseError) {
        while position + 1 < input.count, input[position] == ASCII.carriageReturn,
            input[position + 1] == ASCII.lineFeed
        {
            let max = HTTPLimits.leadingEmptyLineCountMax
            guard count < max else {
                throw HTTPParseError(.tooManyEmptyLines(countMax: max), offset: 0)
            }
            count += 1
            position += 2
        }
    }

    private mutating func parseContent(
        _ input: borrowing Span<UInt8>,
        at position: inout Int,
        remaining: Int
    ) -> Output {
        guard remaining > 0 else { return end() }
        let count = min(remaining, input.count - position)
        guard count > 0 else { return .needsMoreInput }
        let range = position..<(position + count)
        position = range.upperBound
        state = .content(remaining: remaining - count)
        return .body(range)
    }

    private mutating func parseChunked(
        _ input: borrowing Span<UInt8>,
        at position: inout Int,
        _ previous: ChunkedDecoder
    ) throws(HTTPParseError) -> Output {
        var decoder = previous
        let start = position
        let output: ChunkedDecoder.Output
        do throws(HTTPParseError.Reason) {
            output = try decoder.decode(input, at: &position, limits: limits)
        } catch {
            throw HTTPParseError(error, offset: consumedByteCount + position - start)
        }
        consumedByteCount += position - start
        state = .chunked(decoder)
        switch output {
        case .data(let range): return .body(range)
        case .needsMoreInput: return .needsMoreInput
        case .ended: return end()
        }
    }

    private mutating func end() -> Output {
        state = .head(HeadScan(), emptyLineCount: 0)
        consumedByteCount = 0
        return .end
    }
}
