/// The head of a request: its request line and its field section, as offsets.
///
/// All ranges count from the first byte of the head, so they stay true when the bytes are moved. A
/// head is reused: every request overwrites it and none allocates, once the table of fields has
/// grown to its limit. The heads of one event loop's connections can share one value, since
/// nothing in it outlives the call that hands it out.
public struct RequestHead: ~Copyable, Sendable {
    /// The forms of a request target that an origin server meets (RFC 9112 §3.2).
    public enum TargetForm: Hashable, Sendable {
        /// A path and perhaps a query.
        case origin
        /// A whole URI, as sent to proxies.
        case absolute
        /// `*`, of an OPTIONS request about the server itself.
        case asterisk
    }

    /// How the end of the content is found (RFC 9112 §6.3).
    public enum Framing: Hashable, Sendable {
        case none
        case contentLength(Int)
        case chunked
    }

    public internal(set) var method = HTTPMethod.other
    public internal(set) var methodRange = 0..<0
    public internal(set) var version = HTTPVersion.http11

    /// The whole request target, whatever its form.
    public internal(set) var target = 0..<0
    public internal(set) var targetForm = TargetForm.origin

    /// The path, percent-encoding and all.
    ///
    /// Empty in asterisk-form, and in an absolute-form without a path, which means `/` (RFC 9110
    /// §4.2.3).
    public internal(set) var path = 0..<0

    /// What follows the question mark; `nil` without one.
    public internal(set) var query: Range<Int>?

    /// The host, with the port if there is one, that the request is for.
    ///
    /// The authority of an absolute-form target takes the place of `Host` (RFC 9112 §3.2.2). `nil`
    /// only in an HTTP/1.0 request that names none; whether that is served is not decided here.
    public internal(set) var authority: Range<Int>?

    /// The host of ``authority`` without the port; an IPv6 address with its brackets.
    public internal(set) var host: Range<Int>?

    public internal(set) var framing = Framing.none

    /// Whether the client waits for `100 (Continue)` before it sends the content (RFC 9110
    /// §10.1.1).
    public internal(set) var expectsContinue = false

    /// Whether the client means to send another request on this connection (RFC 9112 §9.3).
    public internal(set) var isPersistent = false

    /// Bytes from the first of the request line through the empty line.
    public internal(set) var byteCount = 0

    @usableFromInline var fieldTable = FieldTable()
    private var requestLineEnd = 0

    public init() {}

    /// The field lines in the order of the head.
    public var fields: Span<FieldLine> {
        @_lifetime(borrow self)
        get { fieldTable.lines }
    }

    // These are inlined so that a call passes the table's few words, not the whole head.

    @inlinable @inline(__always)
    public func contains(_ name: FieldName) -> Bool {
        fieldTable.contains(name)
    }

    /// Whether more than one field line has this name.
    @inlinable @inline(__always)
    public func isRepeated(_ name: FieldName) -> Bool {
        fieldTable.isRepeated(name)
    }

    /// The value of the first field line with this name.
    @inlinable @inline(__always)
    public func value(of name: FieldName) -> Range<Int>? {
        fieldTable.value(of: name)
    }

    /// How many field lines have this name.
    @inlinable @inline(__always)
    public func count(of name: FieldName) -> Int {
        fieldTable.count(of: name)
    }

    /// The value of the first field line with a name that ``FieldName`` does not list.
    ///
    /// - Parameters:
    ///   - lowercaseName: The name looked for, in lower case.
    ///   - bytes: The bytes of this head, from its first on.
    /// - Returns: The range of the value; `nil` without such a line.
    @inlinable @inline(__always)
    public func value(
        ofOther lowercaseName: String,
        in bytes: borrowing Span<UInt8>
    ) -> Range<Int>? {
        fieldTable.value(ofOther: lowercaseName, in: bytes)
    }

    // What the parser does, in this order.

    /// Forgets the previous request and makes room for the largest.
    mutating func removeAll(fieldCountMax: Int) {
        fieldTable.removeAll(fieldCountMax: fieldCountMax)
    }

    @inline(__always)
    mutating func noteRequestLine(end: Int) {
        requestLineEnd = end
    }

    @inline(__always)
    mutating func noteFieldLine(_ line: Range<Int>) {
        fieldTable.note(line)
    }

    /// Fills in everything from the lines noted.
    mutating func interpret(_ bytes: borrowing Span<UInt8>) throws(HTTPParseError) {
        try interpretRequestLine(bytes.extracting(0..<requestLineEnd))
        try fieldTable.interpret(bytes)
        try interpretHost(bytes)
        try interpretFraming(bytes)
        try interpretExpectation(bytes)
        interpretPersistence(bytes)
    }
}
