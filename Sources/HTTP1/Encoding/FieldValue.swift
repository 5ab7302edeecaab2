/// Text that is safe to write as the value of a field.
///
/// A carriage return or line feed in a value ends the field, and what follows is read as another
/// field or another response. So a value is checked once, where it is made, and the encoder takes
/// nothing else.
public struct FieldValue: Hashable, Sendable {
    public let text: String

    /// Checks text that is not a constant of the program.
    ///
    /// RFC 9110 §5.5 lets old fields hold bytes above ASCII; this server writes none.
    ///
    /// - Returns: `nil` if the text has a control character other than a horizontal tab, anything
    ///   beyond ASCII, or white space at an end, which a recipient would drop.
    public init?(_ text: String) {
        let utf8 = text.utf8
        guard utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 }) else { return nil }
        for end in [utf8.first, utf8.last] where end == 0x20 || end == 0x09 { return nil }
        self.text = text
    }

    /// A decimal number.
    public init(_ number: Int) {
        text = String(number)
    }
}

extension FieldValue: ExpressibleByStringLiteral {
    /// - Precondition: The literal is a valid value.
    public init(stringLiteral text: String) {
        guard let value = FieldValue(text) else {
            preconditionFailure("a field value in the program is not visible ASCII")
        }
        self = value
    }
}
