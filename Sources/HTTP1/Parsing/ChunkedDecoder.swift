internal import Bytes

/// Finds the data in a chunked body, however the network slices it (RFC 9112 §7.1).
///
///     chunked-body    = *chunk last-chunk trailer-section CRLF
///     chunk           = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
///     last-chunk      = 1*"0" [ chunk-ext ] CRLF
///     trailer-section = *( field-line CRLF )
///
/// The decoder holds its place in this grammar and none of the bytes. White space before the
/// semicolon of an extension, which the RFC tolerates, is refused with every other byte that does
/// not belong into a chunk size. Trailer fields are checked, counted and dropped: nothing here
/// reads any (RFC 9110 §6.5.1).
struct ChunkedDecoder {
    enum Output {
        case data(Range<Int>)
        case needsMoreInput
        case ended
    }

    /// Which production the next byte belongs to.
    private enum State {
        case chunkSize(value: Int, digitCount: UInt8)
        case chunkExtension(chunkSize: Int)
        case chunkSizeLineFeed(chunkSize: Int)
        case chunkData(remaining: Int)
        case chunkDataCarriageReturn
        case chunkDataLineFeed
        case trailerLineStart
        case trailerName
        case trailerValue
        case trailerLineFeed
        case finalLineFeed
        case ended
    }

    /// 15 hexadecimal digits are 2^60 bytes: more than any body, less than `Int` overflows at.
    static let chunkSizeDigitCountMax = 15

    private var state = State.chunkSize(value: 0, digitCount: 0)
    private var extensionByteCount: UInt16 = 0
    private var trailerByteCount: UInt16 = 0

    /// Consumes input from `position` until there is something to report.
    ///
    /// When it throws, `position` is that of the offending byte.
    mutating func decode(
        _ input: borrowing Span<UInt8>,
        at position: inout Int,
        limits: HTTPLimits
    ) throws(HTTPParseError.Reason) -> Output {
        while position < input.count {
            let byte = input[position]
            switch state {
            case .chunkSize(let value, let digitCount):
                state = try Self.state(after: byte, value: value, digitCount: digitCount)
            case .chunkExtension(let chunkSize):
                if byte == ASCII.carriageReturn {
                    state = .chunkSizeLineFeed(chunkSize: chunkSize)
                } else {
                    try skipExtensionByte(byte, limits)
                }
            case .chunkSizeLineFeed(let chunkSize):
                guard byte == ASCII.lineFeed else { throw .malformedChunkSize }
                state = chunkSize == 0 ? .trailerLineStart : .chunkData(remaining: chunkSize)
            case .chunkData(let remaining):
                let data = position..<(position + min(remaining, input.count - position))
                position = data.upperBound
                state =
                    data.count < remaining
                    ? .chunkData(remaining: remaining - data.count)
                    : .chunkDataCarriageReturn
                return .data(data)
            case .chunkDataCarriageReturn:
                guard byte == ASCII.carriageReturn else { throw .missingChunkTerminator }
                state = .chunkDataLineFeed
            case .chunkDataLineFeed:
                guard byte == ASCII.lineFeed else { throw .missingChunkTerminator }
                state = .chunkSize(value: 0, digitCount: 0)
            case .trailerLineStart, .trailerName, .trailerValue, .trailerLineFeed, .finalLineFeed:
                try advanceTrailer(byte, limits)
            case .ended:
                preconditionFailure("a chunked body was read past its end")
            }
            position += 1
            if case .ended = state { return .ended }
        }
        return .needsMoreInput
    }

    private static func state(
        after byte: UInt8,
        value: Int,
        digitCount: UInt8
    ) throws(HTTPParseError.Reason) -> State {
        if let digit = ASCII.hexadecimalDigitValue(of: byte) {
            guard digitCount < chunkSizeDigitCountMax else {
                throw .chunkSizeTooLarge(digitCountMax: chunkSizeDigitCountMax)
            }
            return .chunkSize(value: value << 4 | digit, digitCount: digitCount + 1)
        }
        guard digitCount > 0 else { throw .malformedChunkSize }
        switch byte {
        case ASCII.carriageReturn: return .chunkSizeLineFeed(chunkSize: value)
        case ASCII.semicolon: return .chunkExtension(chunkSize: value)
        default: throw .malformedChunkSize
        }
    }

    /// Ignores an extension byte, but no control byte.
    ///
    /// A proxy that ends the line at a bare line feed would see another request where we see an
    /// extension.
    private mutating func skipExtensionByte(
        _ byte: UInt8,
        _ limits: HTTPLimits
    ) throws(HTTPParseError.Reason) {
        guard !ASCII.isControl(byte) || byte == ASCII.horizontalTab else {
            throw .malformedChunkExtension
        }
        guard extensionByteCount < limits.chunkExtensionByteCountMax else {
            throw .chunkExtensionsTooLong(byteCountMax: limits.chunkExtensionByteCountMax)
        }
        extensionByteCount += 1
    }

    private mutating func advanceTrailer(
        _ byte: UInt8,
        _ limits: HTTPLimits
    ) throws(HTTPParseError.Reason) {
        switch state {
        case .trailerLineStart where byte == ASCII.carriageReturn:
            state = .finalLineFeed
            return
        case .trailerLineStart where ASCII.isTokenCharacter(byte):
            state = .trailerName
        case .trailerName where byte == ASCII.colon:
            state = .trailerValue
        case .trailerName where ASCII.isTokenCharacter(byte):
            break
        case .trailerValue where byte == ASCII.carriageReturn:
            state = .trailerLineFeed
        case .trailerValue where !ASCII.isControl(byte) || byte == ASCII.horizontalTab:
            break
        case .trailerLineFeed where byte == ASCII.lineFeed:
            state = .trailerLineStart
        case .finalLineFeed where byte == ASCII.lineFeed:
            state = .ended
            return
        default:
            throw .malformedTrailerSection
        }
        guard trailerByteCount < limits.trailerSectionByteCountMax else {
            throw .trailerSectionTooLarge(byteCountMax: limits.trailerSectionByteCountMax)
        }
        trailerByteCount += 1
    }
}
