/// How much of a request's framing this server reads before it refuses.
///
/// Content has no limit here: its size is in the head, or counted by whoever collects it, and may
/// depend on who asks. What a parser must bound is what it reads before anybody could decide.
public struct HTTPLimits: Hashable, Sendable {
    // Kept small, since every connection carries a copy. The initializer checks the ranges.
    private let requestLine: UInt16
    private let fieldSection: UInt16
    private let fieldCount: UInt16
    private let chunkExtensions: UInt16
    private let trailerSection: UInt16

    /// - Precondition: None is negative or above 65,535, and a request line and a field section of
    ///   the greatest size fit into one head of 65,535 bytes, line terminators included.
    public init(
        requestLineByteCountMax: Int = 8_192,
        fieldSectionByteCountMax: Int = 16_384,
        fieldCountMax: Int = 100,
        chunkExtensionByteCountMax: Int = 16_384,
        trailerSectionByteCountMax: Int = 8_192
    ) {
        let largestHead = requestLineByteCountMax.addingReportingOverflow(fieldSectionByteCountMax)
        precondition(
            !largestHead.overflow && largestHead.partialValue <= 65_535 - 4,
            "a head of more than 65,535 bytes cannot be addressed"
        )
        guard let requestLine = UInt16(exactly: requestLineByteCountMax),
            let fieldSection = UInt16(exactly: fieldSectionByteCountMax),
            let fieldCount = UInt16(exactly: fieldCountMax),
            let chunkExtensions = UInt16(exactly: chunkExtensionByteCountMax),
            let trailerSection = UInt16(exactly: trailerSectionByteCountMax)
        else { preconditionFailure("a limit of HTTP framing is outside 0 to 65,535") }
        self.requestLine = requestLine
        self.fieldSection = fieldSection
        self.fieldCount = fieldCount
        self.chunkExtensions = chunkExtensions
        self.trailerSection = trailerSection
    }

    /// Bytes of the request line without its CRLF; a longer one is answered with 414.
    public var requestLineByteCountMax: Int { Int(requestLine) }

    /// Bytes of the field section with every line's CRLF, without the empty line that ends it; a
    /// larger one is answered with 431.
    public var fieldSectionByteCountMax: Int { Int(fieldSection) }

    /// Field lines in a head; more are answered with 431.
    public var fieldCountMax: Int { Int(fieldCount) }

    /// Bytes of chunk extensions in one body; more are answered with 413.
    ///
    /// Counted over the whole body, as one-byte chunks would otherwise carry one limit each.
    public var chunkExtensionByteCountMax: Int { Int(chunkExtensions) }

    /// Bytes of the trailer section with every line's CRLF, without the empty line that ends it; a
    /// larger one is answered with 431.
    public var trailerSectionByteCountMax: Int { Int(trailerSection) }

    /// Empty lines before a request line; one more is answered with 400.
    ///
    /// A robust server ignores at least one, which old clients send after a body (RFC 9112 §2.2).
    public static let leadingEmptyLineCountMax = 4
}
