import Bytes
import JSON

/// Where every value of a JSON text stands: an array of a few words for each, in their order.
///
/// Not a tree and no copy: strings and numbers remain ranges of the text. It costs one pass and 16
/// bytes a value, once, and lets any number of schemas look at a value without reading it again or
/// what stands before it.
///
/// No object may have a member twice. The standard leaves open what that means, and two recipients
/// that read it differently would see different arguments.
struct ValueIndex {
    /// One value, or the name of a member, which precedes the member's value.
    enum Node {
        /// `next` is the node after all that is inside.
        case object(memberCount: UInt32, next: UInt32)
        case array(elementCount: UInt32, next: UInt32)
        case string(Extent)
        case name(NameTable.ID, Extent)
        case number(Extent)
        case bool(Bool)
        case null
    }

    /// Where the text of a string or number stands.
    struct Extent {
        private let start: UInt32
        private let end: UInt32
        private let hasEscapes: Bool

        /// - Precondition: The text has fewer than 2^32 bytes.
        init(_ string: JSONString) {
            start = UInt32(string.range.lowerBound)
            end = UInt32(string.range.upperBound)
            hasEscapes = string.hasEscapes
        }

        var range: Range<Int> { Int(start)..<Int(end) }
        var string: JSONString { JSONString(range: range, hasEscapes: hasEscapes) }
    }

    private(set) var nodes: [Node] = []

    /// Why there is no index.
    enum Failure: Error {
        case malformed(JSONError)
        /// The violation says where.
        case repeated(SchemaViolation)
        case tooLong
    }

    /// - Throws: ``Failure`` unless `text` is one JSON value.
    init(of text: Span<UInt8>, names: borrowing NameTable) throws(Failure) {
        guard text.count <= Int(UInt32.max) else { throw .tooLong }
        var reader = JSONReader(text)
        let violation: SchemaViolation?
        do {
            violation = try append(from: &reader, names: names)
            if violation == nil { try reader.finish() }
        } catch {
            throw .malformed(error)
        }
        if let violation { throw .repeated(violation) }
    }

    /// The node after a value and all that is inside.
    func index(after index: Int) -> Int {
        switch nodes[index] {
        case .object(_, let next), .array(_, let next): Int(next)
        case .string, .name, .number, .bool, .null: index + 1
        }
    }

    func kind(of index: Int) -> JSONKind {
        switch nodes[index] {
        case .object: .object
        case .array: .array
        case .string, .name: .string
        case .number: .number
        case .bool(let value): value ? .true : .false
        case .null: .null
        }
    }

    /// Calls itself for each level, of which the reader admits 64.
    private mutating func append(
        from reader: inout JSONReader,
        names: borrowing NameTable
    ) throws(JSONError) -> SchemaViolation? {
        switch try reader.peek() {
        case .object: return try appendObject(from: &reader, names: names)
        case .array: return try appendArray(from: &reader, names: names)
        case .string: nodes.append(.string(Extent(try reader.readString())))
        case .number:
            let number = try reader.readNumber()
            nodes.append(.number(Extent(JSONString(range: number.range, hasEscapes: false))))
        case .true, .false: nodes.append(.bool(try reader.readBool()))
        case .null:
            try reader.readNull()
            nodes.append(.null)
        }
        return nil
    }

    private mutating func appendObject(
        from reader: inout JSONReader,
        names: borrowing NameTable
    ) throws(JSONError) -> SchemaViolation? {
        let index = nodes.count
        nodes.append(.null)
        var memberCount: UInt32 = 0
        var seen = MemberNames()
        try reader.beginObject()
        while let name = try reader.nextMember() {
            guard seen.insert(name, in: reader) else {
                return SchemaViolation(.repeated, at: Excerpt(reader.text(of: name)).text)
            }
            nodes.append(.name(names.id(of: name, in: reader), Extent(name)))
            if let violation = try append(from: &reader, names: names) {
                return violation.inside(Excerpt(reader.text(of: name)).text)
            }
            memberCount += 1
        }
        nodes[index] = .object(memberCount: memberCount, next: UInt32(nodes.count))
        return nil
    }

    private mutating func appendArray(
        from reader: inout JSONReader,
        names: borrowing NameTable
    ) throws(JSONError) -> SchemaViolation? {
        let index = nodes.count
        nodes.append(.null)
        var elementCount: UInt32 = 0
        try reader.beginArray()
        while try reader.nextElement() {
            if let violation = try append(from: &reader, names: names) {
                return violation.inside(elementAt: Int(elementCount))
            }
            elementCount += 1
        }
        nodes[index] = .array(elementCount: elementCount, next: UInt32(nodes.count))
        return nil
    }
}
