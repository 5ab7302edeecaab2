internal import Bytes

extension RequestHead {
    private static let httpName = Word("HTTP/")

    /// Reads the request line (RFC 9112 §3).
    ///
    ///     request-line   = method SP request-target SP HTTP-version
    ///     request-target = origin-form / absolute-form / authority-form / asterisk-form
    ///     HTTP-version   = "HTTP/" DIGIT "." DIGIT
    ///
    /// The RFC allows a recipient to take any white space for the single spaces; this server does
    /// not: what another recipient takes for the target would be a matter of opinion.
    mutating func interpretRequestLine(_ line: borrowing Span<UInt8>) throws(HTTPParseError) {
        var methodEnd = 0
        while methodEnd < line.count, ASCII.isTokenCharacter(line[methodEnd]) { methodEnd &+= 1 }
        guard methodEnd > 0, methodEnd < line.count, line[methodEnd] == ASCII.space else {
            throw HTTPParseError(.malformedRequestLine, offset: methodEnd)
        }
        methodRange = 0..<methodEnd
        method = methodEnd < 8 ? HTTPMethod(line.wordAtEnd(0).prefix(methodEnd)) : .other

        // The version has a fixed size, so what is between is the target, spaces not being valid
        // in one.
        let targetEnd = line.count &- 9
        guard targetEnd > methodEnd &+ 1, line[targetEnd] == ASCII.space else {
            throw HTTPParseError(.malformedRequestLine, offset: methodEnd)
        }
        target = (methodEnd &+ 1)..<targetEnd
        try interpretVersion(line.extracting((targetEnd &+ 1)...), at: targetEnd &+ 1)
        try interpretTarget(line)
    }

    private mutating func interpretVersion(
        _ text: borrowing Span<UInt8>,
        at offset: Int
    ) throws(HTTPParseError) {
        guard text.word(at: 0).prefix(5) == Self.httpName, ASCII.isDigit(text[5]),
            text[6] == ASCII.fullStop, ASCII.isDigit(text[7])
        else { throw HTTPParseError(.malformedRequestLine, offset: offset) }
        guard text[5] == ASCII.zero &+ 1 else {
            throw HTTPParseError(.unsupportedVersion, offset: offset)
        }
        version = text[7] == ASCII.zero ? .http10 : .http11
    }

    private mutating func interpretTarget(_ line: borrowing Span<UInt8>) throws(HTTPParseError) {
        guard method != .connect else { throw HTTPParseError(.connectNotSupported, offset: 0) }
        authority = nil
        host = nil
        path = target
        query = nil
        if line[target.lowerBound] == ASCII.solidus {
            targetForm = .origin
        } else if method == .options, line.extracting(target).equals("*") {
            targetForm = .asterisk
            path = target.lowerBound..<target.lowerBound
            return
        } else {
            targetForm = .absolute
            try interpretAbsoluteForm(line)
        }

        var questionMark: Int?
        for index in path {
            let byte = line[index]
            // A fragment never belongs in a target, and where it begins is where two recipients
            // would see two different paths (RFC 9112 §3.2).
            guard ASCII.isVisible(byte), byte != ASCII.numberSign else {
                throw HTTPParseError(.malformedRequestTarget, offset: index)
            }
            if byte == ASCII.questionMark, questionMark == nil { questionMark = index }
        }
        if let questionMark {
            query = (questionMark &+ 1)..<path.upperBound
            path = path.lowerBound..<questionMark
        }
    }

    /// Reads the scheme and the authority of an absolute-form target, and leaves the rest to
    /// ``path``.
    ///
    ///     absolute-URI = scheme "://" authority path-abempty [ "?" query ]
    private mutating func interpretAbsoluteForm(
        _ line: borrowing Span<UInt8>
    ) throws(HTTPParseError) {
        let text = line.extracting(target)
        let start: Int
        if text.count >= 7, text.extracting(0..<7).equalsIgnoringCase("http://") {
            start = target.lowerBound &+ 7
        } else if text.count >= 8, text.extracting(0..<8).equalsIgnoringCase("https://") {
            start = target.lowerBound &+ 8
        } else {
            throw HTTPParseError(.malformedRequestTarget, offset: target.lowerBound)
        }
        var end = start
        while end < target.upperBound, line[end] != ASCII.solidus, line[end] != ASCII.questionMark {
            end &+= 1
        }
        guard let hostByteCount = Authority.hostByteCount(line.extracting(start..<end)) else {
            throw HTTPParseError(.malformedRequestTarget, offset: start)
        }
        authority = start..<end
        host = start..<(start &+ hostByteCount)
        path = end..<target.upperBound
    }
}
