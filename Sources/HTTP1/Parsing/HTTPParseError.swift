/// A request this server refuses to interpret.
///
/// Always fatal to its connection: after a framing error the start of the next request is unknown,
/// so the server answers, then closes (RFC 9112 §6.3).
public struct HTTPParseError: Error, Hashable, Sendable {
    /// What is wrong.
    ///
    /// Each case says something else to the operator; none repeats bytes of the peer.
    public enum Reason: Error, Hashable {
        case bareCarriageReturn
        case bareLineFeed
        case controlCharacter
        case tooManyEmptyLines(countMax: Int)
        case requestLineTooLong(byteCountMax: Int)
        case fieldSectionTooLarge(byteCountMax: Int)
        case tooManyFields(countMax: Int)

        case malformedRequestLine
        case malformedRequestTarget
        case unsupportedVersion
        case connectNotSupported

        case foldedFieldLine
        case malformedFieldName
        case missingHost
        case repeatedHost
        case malformedHost

        case malformedContentLength
        case repeatedContentLength
        case contentLengthTooLarge
        case contentLengthWithTransferEncoding
        case transferEncodingBeforeHTTP11
        case chunkedNotFinal
        case unsupportedTransferCoding
        case unsupportedExpectation

        case malformedChunkSize
        case chunkSizeTooLarge(digitCountMax: Int)
        case malformedChunkExtension
        case chunkExtensionsTooLong(byteCountMax: Int)
        case missingChunkTerminator
        case malformedTrailerSection
        case trailerSectionTooLarge(byteCountMax: Int)
    }

    public let reason: Reason

    /// Index of the offending byte, or of what it belongs to, counted from the first byte of the
    /// request.
    public let offset: Int

    public init(_ reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension HTTPParseError: CustomStringConvertible {
    public var description: String {
        "\(reason) at byte \(offset) of the request"
    }
}

extension HTTPParseError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .bareCarriageReturn: "carriage return without a line feed"
        case .bareLineFeed: "line feed without a carriage return"
        case .controlCharacter: "control character"
        case .tooManyEmptyLines(let max): "more than \(max) empty lines before the request line"
        case .requestLineTooLong(let max): "request line is longer than \(max) bytes"
        case .fieldSectionTooLarge(let max): "field section is larger than \(max) bytes"
        case .tooManyFields(let max): "more than \(max) field lines"
        case .malformedRequestLine: "request line is not method, target and version"
        case .malformedRequestTarget: "request target is malformed"
        case .unsupportedVersion: "HTTP version is not 1.x"
        case .connectNotSupported: "CONNECT to a server that is no proxy"
        case .foldedFieldLine: "field line starts with white space"
        case .malformedFieldName: "field name is not a token followed by a colon"
        case .missingHost: "HTTP/1.1 request without Host"
        case .repeatedHost: "repeated Host"
        case .malformedHost: "host is not a name or address with an optional port"
        case .malformedContentLength: "Content-Length is not a decimal number"
        case .repeatedContentLength: "repeated Content-Length"
        case .contentLengthTooLarge: "Content-Length is beyond any content"
        case .contentLengthWithTransferEncoding: "both Content-Length and Transfer-Encoding"
        case .transferEncodingBeforeHTTP11: "Transfer-Encoding in an HTTP/1.0 request"
        case .chunkedNotFinal: "chunked is not the final transfer coding, applied once"
        case .unsupportedTransferCoding: "transfer coding other than chunked"
        case .unsupportedExpectation: "expectation other than 100-continue"
        case .malformedChunkSize: "chunk size is not a hexadecimal number"
        case .chunkSizeTooLarge(let max): "chunk size has more than \(max) digits"
        case .malformedChunkExtension: "chunk extension contains a control character"
        case .chunkExtensionsTooLong(let max): "chunk extensions are longer than \(max) bytes"
        case .missingChunkTerminator: "chunk data is not followed by CRLF"
        case .malformedTrailerSection: "trailer section is malformed"
        case .trailerSectionTooLarge(let max): "trailer section is larger than \(max) bytes"
        }
    }
}

extension HTTPParseError.Reason {
    /// What the client is told (RFC 9110 §15.5 and §15.6, RFC 6585 §5).
    public var status: HTTPStatus {
        switch self {
        case .bareCarriageReturn, .bareLineFeed, .controlCharacter, .tooManyEmptyLines,
            .malformedRequestLine, .malformedRequestTarget, .foldedFieldLine, .malformedFieldName,
            .missingHost, .repeatedHost, .malformedHost, .malformedContentLength,
            .repeatedContentLength, .contentLengthWithTransferEncoding,
            .transferEncodingBeforeHTTP11, .chunkedNotFinal, .malformedChunkSize,
            .malformedChunkExtension, .missingChunkTerminator, .malformedTrailerSection:
            .badRequest
        case .contentLengthTooLarge, .chunkSizeTooLarge, .chunkExtensionsTooLong: .contentTooLarge
        case .requestLineTooLong: .uriTooLong
        case .unsupportedExpectation: .expectationFailed
        case .fieldSectionTooLarge, .tooManyFields, .trailerSectionTooLarge:
            .requestHeaderFieldsTooLarge
        case .connectNotSupported, .unsupportedTransferCoding: .notImplemented
        case .unsupportedVersion: .httpVersionNotSupported
        }
    }

    public var statusCode: Int { status.rawValue }
}
