internal import Bytes

/// The field lines of one head, and which names are among them.
///
/// Its storage grows once, to the limit, and is then reused by every request.
@usableFromInline
struct FieldTable: ~Copyable, Sendable {
    private var storage: [FieldLine] = []
    private var count = 0
    /// One bit for each ``FieldName`` in the head.
    private var presentNames: UInt64 = 0
    /// One bit for each ``FieldName`` that more than one field line has.
    private var repeatedNames: UInt64 = 0

    @usableFromInline
    var lines: Span<FieldLine> {
        @_lifetime(borrow self)
        get { storage.span.extracting(0..<count) }
    }

    @usableFromInline
    func contains(_ name: FieldName) -> Bool {
        presentNames & Self.bit(of: name) != 0
    }

    @usableFromInline
    func isRepeated(_ name: FieldName) -> Bool {
        repeatedNames & Self.bit(of: name) != 0
    }

    @usableFromInline
    func value(of name: FieldName) -> Range<Int>? {
        guard contains(name) else { return nil }
        let lines = lines
        for index in lines.indices where lines[index].knownName == name {
            return lines[index].value
        }
        return nil
    }

    @usableFromInline
    func count(of name: FieldName) -> Int {
        guard contains(name) else { return 0 }
        var count = 0
        let lines = lines
        for index in lines.indices where lines[index].knownName == name { count += 1 }
        return count
    }

    @usableFromInline
    func value(
        ofOther lowercaseName: String,
        in bytes: borrowing Span<UInt8>
    ) -> Range<Int>? {
        guard contains(.other) else { return nil }
        let lines = lines
        for index in lines.indices where lines[index].knownName == .other {
            if bytes.extracting(lines[index].name).equalsIgnoringCase(lowercaseName) {
                return lines[index].value
            }
        }
        return nil
    }

    /// Calls `body` with the elements of a list, over all field lines of that name (RFC 9110
    /// §5.6.1), empty ones included.
    @inline(__always)
    func forEachElement(
        of name: FieldName,
        in bytes: borrowing Span<UInt8>,
        _ body: (borrowing Span<UInt8>) -> Void
    ) {
        let lines = lines
        for index in lines.indices where lines[index].knownName == name {
            let value = lines[index].value
            var start = value.lowerBound
            while true {
                var end = start
                while end < value.upperBound, bytes[end] != ASCII.comma { end &+= 1 }
                body(bytes.extracting(bytes.trimmingBlanks(start..<end)))
                guard end < value.upperBound else { break }
                start = end &+ 1
            }
        }
    }

    mutating func removeAll(fieldCountMax: Int) {
        count = 0
        if storage.count < fieldCountMax {
            storage = Array(repeating: FieldLine(unparsed: 0..<0), count: fieldCountMax)
        }
    }

    /// Adds a line whose parts are found later.
    @inline(__always)
    mutating func note(_ line: Range<Int>) {
        storage[count] = FieldLine(unparsed: line)
        count &+= 1
    }

    /// Finds the name and the value of every line noted (RFC 9112 §5).
    mutating func interpret(_ bytes: borrowing Span<UInt8>) throws(HTTPParseError) {
        let table = FieldNameTable.shared
        var present: UInt64 = 0
        var repeated: UInt64 = 0
        let count = count
        var lines = storage.mutableSpan
        for index in 0..<count {
            let line = lines[index].line
            guard let (name, colon) = table.readName(in: bytes, line: line) else {
                let isFolded = ASCII.isBlank(bytes[line.lowerBound])
                throw HTTPParseError(
                    isFolded ? .foldedFieldLine : .malformedFieldName,
                    offset: line.lowerBound
                )
            }
            lines[index] = FieldLine(
                name: line.lowerBound..<colon,
                value: bytes.trimmingBlanks((colon &+ 1)..<line.upperBound),
                knownName: name
            )
            let bit = Self.bit(of: name)
            repeated |= present & bit
            present |= bit
        }
        presentNames = present
        repeatedNames = repeated
    }

    private static func bit(of name: FieldName) -> UInt64 {
        1 &<< UInt64(name.rawValue)
    }
}
