internal import Bytes

/// The media types of requests to the MCP endpoint (RFC 9110 §8.3, §12.5.1).
enum MediaTypes {
    /// Whether a `Content-Type` is `application/json`, with any parameters.
    static func isJSON(_ value: Span<UInt8>) -> Bool {
        let type = value.extracting(..<(value.firstIndex(of: ASCII.semicolon) ?? value.count))
        return trimmed(type).equalsIgnoringCase("application/json")
    }

    /// Whether an `Accept` admits JSON or an event stream.
    ///
    /// Weights are looked at only for `q=0`, which excludes: what the client prefers does not
    /// change what there is.
    static func acceptsAnswer(_ value: Span<UInt8>) -> Bool {
        var start = 0
        while start <= value.count {
            let end = value.firstIndex(of: ASCII.comma, from: start) ?? value.count
            if admits(value.extracting(start..<end)) { return true }
            start = end + 1
        }
        return false
    }

    /// Whether an `Accept` admits an event stream.
    static func acceptsEventStream(_ value: Span<UInt8>) -> Bool {
        var start = 0
        while start <= value.count {
            let end = value.firstIndex(of: ASCII.comma, from: start) ?? value.count
            let range = value.extracting(start..<end)
            let typeEnd = range.firstIndex(of: ASCII.semicolon) ?? range.count
            let type = trimmed(range.extracting(..<typeEnd))
            if !type.equalsIgnoringCase("application/json"),
                !type.equalsIgnoringCase("application/*"), admits(range)
            {
                return true
            }
            start = end + 1
        }
        return false
    }

    private static func admits(_ range: Span<UInt8>) -> Bool {
        let typeEnd = range.firstIndex(of: ASCII.semicolon) ?? range.count
        let type = trimmed(range.extracting(..<typeEnd))
        guard
            type.equalsIgnoringCase("application/json")
                || type.equalsIgnoringCase("text/event-stream")
                || type.equals("*/*")
                || type.equalsIgnoringCase("application/*")
                || type.equalsIgnoringCase("text/*")
        else { return false }
        return !isExcluded(range.extracting(typeEnd...))
    }

    /// Whether the parameters hold a weight of zero.
    private static func isExcluded(_ parameters: Span<UInt8>) -> Bool {
        var start = 0
        while start < parameters.count {
            let end = parameters.firstIndex(of: ASCII.semicolon, from: start) ?? parameters.count
            let parameter = trimmed(parameters.extracting(start..<end))
            if parameter.equalsIgnoringCase("q=0") || parameter.equalsIgnoringCase("q=0.")
                || parameter.equalsIgnoringCase("q=0.0") || parameter.equalsIgnoringCase("q=0.00")
                || parameter.equalsIgnoringCase("q=0.000")
            {
                return true
            }
            start = end + 1
        }
        return false
    }

    @_lifetime(copy bytes)
    private static func trimmed(_ bytes: Span<UInt8>) -> Span<UInt8> {
        var start = 0
        var end = bytes.count
        while start < end, isBlank(bytes[start]) { start += 1 }
        while end > start, isBlank(bytes[end - 1]) { end -= 1 }
        return bytes.extracting(start..<end)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == ASCII.space || byte == ASCII.horizontalTab
    }
}
