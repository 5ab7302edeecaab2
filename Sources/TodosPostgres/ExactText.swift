/// A text as PostgreSQL compares it: byte by byte.
///
/// Swift holds texts equal that PostgreSQL does not, "é" in its two spellings for one.
struct ExactText: Hashable, Sendable {
    let text: String
    private let bytes: [UInt8]

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    static func == (one: ExactText, other: ExactText) -> Bool {
        one.bytes == other.bytes
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(bytes)
    }
}
