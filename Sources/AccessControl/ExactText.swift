/// Text that is equal to other text only byte for byte.
///
/// `String` compares by canonical equivalence: the Kelvin sign U+212A equals the letter K. For
/// names that decide who somebody is or what somebody may do, RFC 7519 §2 wants a case-sensitive
/// comparison "with no transformations or canonicalizations applied".
public struct ExactText: Hashable, Sendable {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    public static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    // Texts of the same bytes are canonically equivalent, so `String`'s own hash serves.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}

extension ExactText: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        self.init(text)
    }
}

extension ExactText: CustomStringConvertible {
    public var description: String { text }
}

extension String {
    /// Whether this is a `scope-token`: what a name must be to stand in a scope.
    ///
    ///     scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
    ///
    /// (RFC 6749 §3.3.) Such a name can also be quoted in a challenge as it is.
    var isScopeToken: Bool {
        !isEmpty && utf8.allSatisfy { $0.isVisibleASCII && $0 != 0x22 && $0 != 0x5C }
    }
}

extension UInt8 {
    /// VCHAR: neither a space nor a control character (RFC 5234 §B.1).
    var isVisibleASCII: Bool { (0x21...0x7E).contains(self) }
}
