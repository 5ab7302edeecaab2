/// Which tokens of somebody are denied, and how long that must be remembered.
package struct Denial: Hashable, Sendable {
    /// Tokens issued before this second are denied; `nil` denies all.
    package let issuedBeforeSeconds: Int64?

    /// From this second on the denial counts no longer: by then all that it denies has expired.
    package let untilSeconds: Int64?

    package init(issuedBeforeSeconds: Int64?, untilSeconds: Int64?) {
        self.issuedBeforeSeconds = issuedBeforeSeconds
        self.untilSeconds = untilSeconds
    }

    /// Whether a token is denied now.
    ///
    /// One that does not say when it was issued counts as issued before any date: otherwise an
    /// issuer without `iat` could not be cut off by date.
    func denies(issuedAtSeconds: Int64?, nowSeconds: Int64) -> Bool {
        if let untilSeconds, nowSeconds >= untilSeconds { return false }
        guard let issuedBeforeSeconds, let issuedAtSeconds else { return true }
        return issuedAtSeconds < issuedBeforeSeconds
    }

    /// Whether this denies all that `other` denies, for as long at least.
    func includes(_ other: Denial) -> Bool {
        Self.isAtLeast(issuedBeforeSeconds, other.issuedBeforeSeconds)
            && Self.isAtLeast(untilSeconds, other.untilSeconds)
    }

    /// `nil` stands for more than any number.
    private static func isAtLeast(_ first: Int64?, _ second: Int64?) -> Bool {
        guard let first else { return true }
        guard let second else { return false }
        return first >= second
    }
}
