import Bytes

/// Reads JSON (RFC 8259) value by value, without a tree and without allocating.
///
/// The caller pulls: `beginObject`, then `nextMember` until it returns `nil`, reading or skipping
/// each value. Strings and numbers come as ranges of the input. All that has been consumed is
/// proved to be JSON in UTF-8; what remains is not looked at before ``finish()``.
///
///     try reader.beginObject()
///     while let name = try reader.nextMember() {
///         if reader.equals(name, "id") { id = try reader.readNumber() }
///     }
///     try reader.finish()
///
/// A value that is not read is skipped by the next call to ``nextMember()``, ``nextElement()`` or
/// ``finish()``. Member names may repeat; ``MemberNames`` detects it for those who must not accept
/// that.
///
/// After an error that is not ``JSONError/Reason/unexpectedKind(_:expected:)`` the reader is spent:
/// every further call throws that error again. Reading a value where none is due, the next member
/// of an array and the like are mistakes in the calling code, whatever the input, and trap.
public struct JSONReader: ~Escapable {
    /// What the grammar allows next.
    private enum State {
        /// A value: at the start, after a member name, or after the comma of an array.
        case value
        /// The first member or element, or the end of the container.
        case firstOrEnd
        /// A comma or the end of the container; at depth zero, the end of the input.
        case commaOrEnd
        /// Nothing: see ``failure``.
        case spent
    }

    private enum Container {
        case object, array
    }

    /// The deepest nesting that any reader can be asked to accept, one bit for each level.
    public static let depthMax = 64

    let input: Span<UInt8>

    /// Index of the next byte to be consumed.
    public private(set) var position = 0

    private let depthMax: Int
    private var depth = 0

    /// One bit for each open container, the innermost lowest: 1 for an object, 0 for an array.
    private var containers: UInt64 = 0

    private var state = State.value

    /// The error that spent the reader.
    ///
    /// Beside the state and not in it: there it would cost every change of state three stores.
    private var failure: JSONError?

    /// - Precondition: `depthMax` is 0 to ``depthMax``.
    @_lifetime(copy input)
    public init(_ input: Span<UInt8>, depthMax: Int = 64) {
        precondition((0...Self.depthMax).contains(depthMax), "depth \(depthMax) is not 0 to 64")
        self.input = input
        self.depthMax = depthMax
    }

    /// The kind of the next value, of which nothing is consumed but white space before it.
    public mutating func peek() throws(JSONError) -> JSONKind {
        guard state == .value else { throw misuse("no value is due here") }
        position = WhiteSpace.end(in: input, from: position)
        guard position < input.count else { throw spend(.endOfInput) }
        switch input[position] {
        case ASCII.quotationMark: return .string
        case ASCII.leftCurlyBracket: return .object
        case ASCII.leftSquareBracket: return .array
        case ASCII.hyphen, ASCII.zero...ASCII.nine: return .number
        case UInt8(ascii: "t"): return .true
        case UInt8(ascii: "f"): return .false
        case UInt8(ascii: "n"): return .null
        default: throw spend(.expectedValue)
        }
    }

    public mutating func beginObject() throws(JSONError) {
        try expect(.object)
        try begin(.object)
    }

    /// The name of the next member, whose value is then due.
    ///
    /// - Returns: `nil` when the object has ended.
    public mutating func nextMember() throws(JSONError) -> JSONString? {
        guard try advance(in: .object) else { return nil }
        do {
            let (name, end) = try MemberScanner.scan(input, from: position)
            position = end
            state = .value
            return name
        } catch {
            throw spend(error)
        }
    }

    public mutating func beginArray() throws(JSONError) {
        try expect(.array)
        try begin(.array)
    }

    /// Moves to the next element, which is then due.
    ///
    /// - Returns: `false` when the array has ended.
    public mutating func nextElement() throws(JSONError) -> Bool {
        guard try advance(in: .array) else { return false }
        state = .value
        return true
    }

    public mutating func readString() throws(JSONError) -> JSONString {
        try expect(.string)
        do {
            let string = try StringScanner.scan(input, from: position &+ 1)
            endValue(at: string.range.upperBound &+ 1)
            return string
        } catch {
            throw spend(error)
        }
    }

    public mutating func readNumber() throws(JSONError) -> JSONNumber {
        try expect(.number)
        do {
            let number = try NumberScanner.scan(input, from: position)
            endValue(at: number.range.upperBound)
            return number
        } catch {
            throw spend(error)
        }
    }

    public mutating func readBool() throws(JSONError) -> Bool {
        let kind = try peek()
        guard kind == .true || kind == .false else {
            throw JSONError(.unexpectedKind(kind, expected: .true), offset: position)
        }
        try skipValue()
        return kind == .true
    }

    public mutating func readNull() throws(JSONError) {
        try expect(.null)
        try skipValue()
    }

    /// Skips one whole value, however nested, and proves that it is one.
    ///
    /// - Returns: Where it stands, without surrounding white space.
    @discardableResult
    public mutating func skipValue() throws(JSONError) -> Range<Int> {
        guard state == .value else { throw misuse("no value is due here") }
        let start = WhiteSpace.end(in: input, from: position)
        do {
            let end = try ValueScanner.end(
                of: input,
                from: start,
                outerDepth: depth,
                depthMax: depthMax
            )
            endValue(at: end)
            return start..<end
        } catch {
            throw spend(error)
        }
    }

    /// Checks that nothing but white space follows the outermost value.
    public mutating func finish() throws(JSONError) {
        if state == .value { try skipValue() }
        guard state == .commaOrEnd, depth == 0 else {
            throw misuse("an object or array has not been read to its end")
        }
        position = WhiteSpace.end(in: input, from: position)
        guard position == input.count else { throw spend(.trailingBytes) }
    }
}

extension JSONReader {
    private mutating func expect(_ expected: JSONKind) throws(JSONError) {
        let found = try peek()
        guard found == expected else {
            throw JSONError(.unexpectedKind(found, expected: expected), offset: position)
        }
    }

    private mutating func begin(_ container: Container) throws(JSONError) {
        guard depth < depthMax else { throw spend(.tooDeep(depthMax: depthMax)) }
        position &+= 1
        depth &+= 1
        containers = containers << 1 | (container == .object ? 1 : 0)
        state = .firstOrEnd
    }

    /// Moves to the next member or element, past a comma if one is due.
    ///
    /// - Returns: `false` when the container has ended.
    @inline(__always)
    private mutating func advance(in container: Container) throws(JSONError) -> Bool {
        if state == .value { try skipValue() }
        let isCommaDue = state == .commaOrEnd
        guard isCommaDue || state == .firstOrEnd, depth > 0,
            (containers & 1 == 1) == (container == .object)
        else {
            throw misuse("this is the next step in another kind of container")
        }
        position = WhiteSpace.end(in: input, from: position)
        guard position < input.count else { throw spend(.endOfInput) }
        let byte = input[position]
        let end = container == .object ? ASCII.rightCurlyBracket : ASCII.rightSquareBracket
        if byte == end {
            depth &-= 1
            containers >>= 1
            endValue(at: position &+ 1)
            return false
        }
        if isCommaDue {
            guard byte == ASCII.comma else { throw spend(.expectedCommaOrEnd) }
            position = WhiteSpace.end(in: input, from: position &+ 1)
        }
        return true
    }

    @inline(__always)
    private mutating func endValue(at end: Int) {
        position = end
        state = .commaOrEnd
    }

    private mutating func spend(_ reason: JSONError.Reason) -> JSONError {
        spend(JSONError(reason, offset: position))
    }

    private mutating func spend(_ error: JSONError) -> JSONError {
        state = .spent
        failure = error
        return error
    }

    /// The error that spent the reader; without one the caller is mistaken, and this traps.
    private func misuse(_ mistake: StaticString) -> JSONError {
        guard let failure else { preconditionFailure("\(mistake)") }
        return failure
    }
}
