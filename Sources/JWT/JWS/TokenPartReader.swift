internal import JSON

/// Reads the one JSON object that a header or claims set must be, and refuses repeated members.
///
/// RFC 7515 §4 lets a recipient take the last of two members instead. This server does not: two
/// recipients that choose differently see two different tokens.
struct TokenPartReader: ~Escapable {
    /// What turns the strings and numbers that were found into values.
    private(set) var json: JSONReader

    private let part: TokenRejection.Part
    private var names = MemberNames()

    @_lifetime(copy input)
    init(_ input: Span<UInt8>, of part: TokenRejection.Part) throws(TokenRejection) {
        json = JSONReader(input)
        self.part = part
        do { try json.beginObject() } catch { throw .notJSONObject(part, error) }
    }

    /// The name of the next member.
    ///
    /// - Returns: `nil` when the object has ended and nothing follows it.
    mutating func nextMember() throws(TokenRejection) -> JSONString? {
        let next: JSONString?
        do {
            next = try json.nextMember()
            if next == nil { try json.finish() }
        } catch {
            throw .notJSONObject(part, error)
        }
        if let next, !names.insert(next, in: json) { throw .repeatedMember(part) }
        return next
    }

    /// The value that is due, if it is a string.
    mutating func readString() throws(TokenRejection) -> JSONString? {
        do {
            return try json.peek() == .string ? json.readString() : nil
        } catch {
            throw .notJSONObject(part, error)
        }
    }

    /// The value that is due, if it is a number.
    mutating func readNumber() throws(TokenRejection) -> JSONNumber? {
        do {
            return try json.peek() == .number ? json.readNumber() : nil
        } catch {
            throw .notJSONObject(part, error)
        }
    }

    /// Where the value that is due stands.
    mutating func skipValue() throws(TokenRejection) -> Range<Int> {
        do {
            return try json.skipValue()
        } catch {
            throw .notJSONObject(part, error)
        }
    }
}
