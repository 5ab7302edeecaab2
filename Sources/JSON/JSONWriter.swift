import Bytes

/// Writes one JSON value (RFC 8259), compact, commas included.
///
///     var writer = JSONWriter()
///     writer.beginObject()
///     writer.name("id")
///     writer.integer(7)
///     writer.endObject()
///     let buffer = writer.finish()
///
/// The calls mirror the grammar; a call out of order is a mistake in the calling code.
public struct JSONWriter: ~Copyable {
    private var buffer: ByteBuffer
    private var depth = 0
    private var isCommaDue = false

    /// - Parameter buffer: What is there stays there; the value is appended.
    public init(_ buffer: consuming ByteBuffer = ByteBuffer()) {
        self.buffer = buffer
    }

    public mutating func beginObject() {
        begin(ASCII.leftCurlyBracket)
    }

    public mutating func endObject() {
        end(ASCII.rightCurlyBracket)
    }

    public mutating func beginArray() {
        begin(ASCII.leftSquareBracket)
    }

    public mutating func endArray() {
        end(ASCII.rightSquareBracket)
    }

    /// The name of a member, whose value must follow.
    public mutating func name(_ name: String) {
        let utf8 = name.utf8
        write(utf8.span, as: .name)
    }

    public mutating func string(_ value: String) {
        let utf8 = value.utf8
        write(utf8.span, as: .value)
    }

    /// A string whose text is in UTF-8 already.
    ///
    /// - Precondition: `bytes` are UTF-8; this is not checked.
    public mutating func string(escaping bytes: borrowing Span<UInt8>) {
        write(bytes, as: .value)
    }

    public mutating func integer(_ value: Int) {
        separate()
        buffer.append(decimal: value)
        isCommaDue = true
    }

    /// The shortest digits that read back as `value`, without a fraction if it has none.
    ///
    /// JSON has neither infinity nor NaN: both are written as `null`, as ECMAScript does.
    public mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        // Up to 2^53 every integer is a `Double`, so the digits say neither more nor less.
        if value.magnitude <= 0x1p53, Double(Int(value)) == value { return integer(Int(value)) }
        separate()
        buffer.append(value.description)
        isCommaDue = true
    }

    public mutating func bool(_ value: Bool) {
        literal(value ? .true : .false)
    }

    public mutating func null() {
        literal(.null)
    }

    /// A value that is JSON already.
    ///
    /// - Precondition: `json` is one JSON value; this is not checked.
    public mutating func raw(_ json: borrowing Span<UInt8>) {
        separate()
        buffer.append(json)
        isCommaDue = true
    }

    /// The buffer with the value in it.
    ///
    /// - Precondition: Every object and array was ended.
    public consuming func finish() -> ByteBuffer {
        precondition(depth == 0, "\(depth) objects or arrays were not ended")
        return buffer
    }
}

extension JSONWriter {
    @inline(__always)
    private mutating func separate() {
        guard isCommaDue else { return }
        precondition(depth > 0, "a JSON text is one value")
        buffer.append(ASCII.comma)
    }

    private mutating func literal(_ literal: Literal) {
        separate()
        var letters = literal.rawValue
        while letters != 0 {
            buffer.append(UInt8(truncatingIfNeeded: letters))
            letters >>= 8
        }
        isCommaDue = true
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        buffer.append(bracket)
        depth += 1
        isCommaDue = false
    }

    private mutating func end(_ bracket: UInt8) {
        precondition(depth > 0, "no object or array is open")
        buffer.append(bracket)
        depth -= 1
        isCommaDue = true
    }

    /// What a string stands for in its object or array.
    private enum Place {
        case name, value
    }

    /// Writes the string with these contents, escaping what RFC 8259 §7 says must be escaped.
    ///
    /// A comma, both quotation marks, the contents and a colon go out together: most strings are
    /// short, and each append has a price of its own.
    private mutating func write(_ content: borrowing Span<UInt8>, as place: Place) {
        precondition(!isCommaDue || depth > 0, "a JSON text is one value")
        let mustSeparate = isCommaDue
        let end = PlainText.endIncludingNonASCII(in: content, from: 0)
        let isPlain = end == content.count
        buffer.bytes.append(addingCapacity: end + 4) { output in
            if mustSeparate { output.append(ASCII.comma) }
            output.append(ASCII.quotationMark)
            for index in 0..<end { output.append(content[index]) }
            guard isPlain else { return }
            output.append(ASCII.quotationMark)
            if place == .name { output.append(ASCII.colon) }
        }
        if !isPlain {
            escapeRest(of: content, from: end)
            if place == .name { buffer.append(ASCII.colon) }
        }
        isCommaDue = place == .value
    }

    /// Text in which something must be escaped is likely to hold more of it, JSON within JSON above
    /// all: it is taken byte by byte, with room for the worst, a block at a time.
    private mutating func escapeRest(of content: borrowing Span<UInt8>, from start: Int) {
        let letters = Escape.letters
        var index = start
        while index < content.count {
            let block = index..<min(index &+ Self.escapedBlockByteCount, content.count)
            buffer.bytes.append(addingCapacity: block.count &* 6) { output in
                for index in block {
                    let byte = content[index]
                    switch letters[Int(byte)] {
                    case 0:
                        output.append(byte)
                    case Escape.unicode:
                        Self.escapeControl(byte, into: &output)
                    case let letter:
                        output.append(ASCII.reverseSolidus)
                        output.append(letter)
                    }
                }
            }
            index = block.upperBound
        }
        buffer.append(ASCII.quotationMark)
    }

    private static let escapedBlockByteCount = 512

    private static func escapeControl(_ byte: UInt8, into output: inout OutputSpan<UInt8>) {
        output.append(ASCII.reverseSolidus)
        output.append(Escape.unicode)
        output.append(ASCII.zero)
        output.append(ASCII.zero)
        output.append(hexadecimalDigit(byte >> 4))
        output.append(hexadecimalDigit(byte & 0xF))
    }

    private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? ASCII.zero + value : 0x61 + value - 10
    }
}
