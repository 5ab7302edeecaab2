internal import Bytes

/// Where a request stands in a trace that goes through several systems (W3C Trace Context §3.2), as
/// numbers: a request holds it without counting references.
struct RequestTrace: Hashable, Sendable {
    /// The trace, 16 bytes, in two halves.
    let traceHigh: UInt64
    let traceLow: UInt64

    /// The span of whoever sent the request.
    let parentID: UInt64

    /// Whether whoever sent it keeps its part of the trace.
    let isSampled: Bool

    /// - Returns: `nil` unless the bytes are a `traceparent` of version 00, or begin like one where
    ///   the version is higher (§3.2.2): a trace that cannot be read is not continued.
    init?(traceparent bytes: Span<UInt8>) {
        let byteCount = 55
        guard bytes.count >= byteCount, bytes[2] == ASCII.hyphen, bytes[35] == ASCII.hyphen,
            bytes[52] == ASCII.hyphen,
            let version = Self.number(bytes.extracting(0..<2)), version != 0xFF,
            bytes.count == byteCount || (version > 0 && bytes[byteCount] == ASCII.hyphen),
            let high = Self.number(bytes.extracting(3..<19)),
            let low = Self.number(bytes.extracting(19..<35)), high | low != 0,
            let parent = Self.number(bytes.extracting(36..<52)), parent != 0,
            let flags = Self.number(bytes.extracting(53..<55))
        else { return nil }
        traceHigh = high
        traceLow = low
        parentID = parent
        isSampled = flags & 1 == 1
    }

    /// Bytes of a `tracestate` that are taken over (§3.3.1.5); a longer one is left out.
    static let stateByteCountMax = 512

    /// What tracing systems have added, where it is visible and not too long; otherwise nothing.
    static func state(_ bytes: Span<UInt8>) -> String {
        guard bytes.count <= stateByteCountMax, let text = String(validating: bytes),
            text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { return "" }
        return text
    }

    /// 32 hexadecimal digits.
    var traceID: String { Self.digits(traceHigh) + Self.digits(traceLow) }

    /// 16 hexadecimal digits.
    static func digits(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// Digits in lower case only: "traceparent" has no others.
    private static func number(_ digits: Span<UInt8>) -> UInt64? {
        var number: UInt64 = 0
        for index in digits.indices {
            switch digits[index] {
            case ASCII.zero...ASCII.nine: number = number << 4 | UInt64(digits[index] - ASCII.zero)
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                number = number << 4 | UInt64(digits[index] - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }
}
