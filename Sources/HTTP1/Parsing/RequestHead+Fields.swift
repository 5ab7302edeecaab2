internal import Bytes

// What the field section says about the message itself: whom it is for, where it ends, and what
// becomes of the connection.
extension RequestHead {
    /// Exactly one valid `Host` in HTTP/1.1, at most one before (RFC 9112 §3.2).
    mutating func interpretHost(_ bytes: borrowing Span<UInt8>) throws(HTTPParseError) {
        guard let value = value(of: .host) else {
            guard version == .http10 else {
                throw HTTPParseError(.missingHost, offset: byteCount &- 2)
            }
            return
        }
        guard !isRepeated(.host) else {
            throw HTTPParseError(.repeatedHost, offset: value.lowerBound)
        }
        guard let hostByteCount = Authority.hostByteCount(bytes.extracting(value)) else {
            throw HTTPParseError(.malformedHost, offset: value.lowerBound)
        }
        guard targetForm != .absolute else { return }
        authority = value
        host = value.lowerBound..<(value.lowerBound &+ hostByteCount)
    }

    /// How the end of the content is found (RFC 9112 §6.3).
    ///
    /// The RFC lets a server repair some contradictions. This server repairs none: a request that
    /// two recipients can frame differently smuggles a second one (RFC 9112 §11.2).
    mutating func interpretFraming(_ bytes: borrowing Span<UInt8>) throws(HTTPParseError) {
        framing = .none
        if let value = value(of: .transferEncoding) {
            guard !contains(.contentLength) else {
                throw HTTPParseError(.contentLengthWithTransferEncoding, offset: value.lowerBound)
            }
            guard version == .http11 else {
                throw HTTPParseError(.transferEncodingBeforeHTTP11, offset: value.lowerBound)
            }
            guard !isRepeated(.transferEncoding),
                bytes.extracting(value).equalsIgnoringCase("chunked")
            else {
                throw HTTPParseError(transferCodingRefusal(bytes), offset: value.lowerBound)
            }
            framing = .chunked
        } else if let value = value(of: .contentLength) {
            guard !isRepeated(.contentLength) else {
                throw HTTPParseError(.repeatedContentLength, offset: value.lowerBound)
            }
            let digits = bytes.extracting(value)
            guard let byteCount = Decimal.parse(digits) else {
                let isTooLarge = !digits.isEmpty && digits.isAllDigits
                throw HTTPParseError(
                    isTooLarge ? .contentLengthTooLarge : .malformedContentLength,
                    offset: value.lowerBound
                )
            }
            framing = .contentLength(byteCount)
        }
    }

    /// Why transfer codings that are not just `chunked` are refused.
    ///
    /// A request whose last coding is not `chunked` has no end: 400. One whose end could be found,
    /// but whose content could not be decoded: 501 (RFC 9112 §6.1 and §6.3).
    private func transferCodingRefusal(_ bytes: borrowing Span<UInt8>) -> HTTPParseError.Reason {
        var elementCount = 0
        var chunkedCount = 0
        var isLastChunked = false
        fieldTable.forEachElement(of: .transferEncoding, in: bytes) { element in
            elementCount += 1
            isLastChunked = element.equalsIgnoringCase("chunked")
            if isLastChunked { chunkedCount += 1 }
        }
        guard isLastChunked, chunkedCount == 1, elementCount > 1 else { return .chunkedNotFinal }
        return .unsupportedTransferCoding
    }

    /// Understands `Expect: 100-continue` and nothing else (RFC 9110 §10.1.1).
    mutating func interpretExpectation(_ bytes: borrowing Span<UInt8>) throws(HTTPParseError) {
        expectsContinue = false
        // "A server that receives a 100-continue expectation in an HTTP/1.0 request MUST ignore
        // that expectation."
        guard version == .http11, let value = value(of: .expect) else { return }
        var isUnderstood = true
        fieldTable.forEachElement(of: .expect, in: bytes) { element in
            if !element.equalsIgnoringCase("100-continue") { isUnderstood = false }
        }
        guard isUnderstood else {
            throw HTTPParseError(.unsupportedExpectation, offset: value.lowerBound)
        }
        switch framing {
        case .none, .contentLength(0): expectsContinue = false
        case .contentLength, .chunked: expectsContinue = true
        }
    }

    /// Whether the connection outlives this exchange (RFC 9112 §9.3).
    mutating func interpretPersistence(_ bytes: borrowing Span<UInt8>) {
        isPersistent = version == .http11
        guard contains(.connection) else { return }
        var closes = false
        var keepsAlive = false
        fieldTable.forEachElement(of: .connection, in: bytes) { element in
            if element.equalsIgnoringCase("close") { closes = true }
            if element.equalsIgnoringCase("keep-alive") { keepsAlive = true }
        }
        isPersistent = !closes && (isPersistent || keepsAlive)
    }
}
