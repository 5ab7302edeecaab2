/// The member names of one object so far, to refuse an object that has one twice.
///
/// RFC 8259 §4 leaves repeated names to the recipient. Two recipients that choose differently, one
/// the first and one the last, can be made to see different messages.
///
///     var names = MemberNames()
///     while let name = try reader.nextMember() {
///         guard names.insert(name, in: reader) else { … }
///     }
///
/// Names are compared as text: `"a"` and `"\u0061"` are the same, and most of them by a mark that
/// fits into a word. Up to ``inlineCountMax`` names
/// nothing is allocated; beyond, a set keeps the work linear in the number of names.
public struct MemberNames {
    /// How many names are compared one by one, in place.
    public static let inlineCountMax = 16

    private var first: [16 of JSONString]

    /// What tells those names apart: see ``JSONReader/mark(of:)``.
    private var marks: [16 of UInt64]
    private var count = 0
    private var texts: Set<String> = []

    public init() {
        first = .init(repeating: JSONString(range: 0..<0, hasEscapes: false))
        marks = .init(repeating: 0)
    }

    /// Remembers a name.
    ///
    /// - Returns: `false` if the object already had it.
    /// - Precondition: All names come from the same reader.
    public mutating func insert(_ name: JSONString, in reader: borrowing JSONReader) -> Bool {
        if count < Self.inlineCountMax {
            let mark = reader.mark(of: name)
            for index in 0..<count where marks[index] == mark {
                if reader.equals(first[index], name) { return false }
            }
            first[count] = name
            marks[count] = mark
            count += 1
            return true
        }
        if texts.isEmpty {
            for index in 0..<count { texts.insert(reader.text(of: first[index])) }
        }
        return texts.insert(reader.text(of: name)).inserted
    }
}
