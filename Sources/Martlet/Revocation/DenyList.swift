package import AccessControl

/// Whose tokens are refused although they verify: by token, by subject, by issuer.
///
/// A value that never changes once it is published. Asking costs at most three look-ups in a hash
/// table, whatever its size, and is done when a token is verified: what a loop has in its cache is
/// looked through once, when a new list arrives.
package struct DenyList: Hashable, Sendable {
    /// Entries, at most.
    package static let entryCountMax = 100_000

    /// Denials of one name of which none includes another, at most: they are tried one by one.
    package static let denialsPerNameCountMax = 16

    /// What an entry names.
    package enum Target: Hashable, Sendable {
        case issuer
        case subject(String)
        case token(id: String)
    }

    /// A target and the issuer in whose tokens it stands, compared byte for byte.
    private struct Name: Hashable, Sendable {
        let issuer: String
        let target: Target

        static func == (left: Name, right: Name) -> Bool {
            guard left.issuer.utf8.elementsEqual(right.issuer.utf8) else { return false }
            switch (left.target, right.target) {
            case (.issuer, .issuer): return true
            case (.subject(let left), .subject(let right)), (.token(let left), .token(let right)):
                return left.utf8.elementsEqual(right.utf8)
            default: return false
            }
        }

        // Texts of the same bytes are canonically equivalent, so `String`'s own hash serves.
        func hash(into hasher: inout Hasher) {
            hasher.combine(issuer)
            hasher.combine(target)
        }
    }

    private var denials: [Name: [Denial]] = [:]

    package init() {}

    /// How many names are denied something.
    package var count: Int { denials.count }

    /// The issuers that entries name.
    package var issuers: Set<String> { Set(denials.keys.map(\.issuer)) }

    /// Adds an entry; one that another includes adds nothing.
    ///
    /// - Returns: `false` if the name has too many different denials.
    package mutating func insert(_ denial: Denial, of target: Target, issuer: String) -> Bool {
        let name = Name(issuer: issuer, target: target)
        insert(denial, of: name)
        return denials[name, default: []].count <= Self.denialsPerNameCountMax
    }

    /// Denies what `other` denies as well.
    mutating func formUnion(_ other: DenyList) {
        for (name, added) in other.denials {
            for denial in added { insert(denial, of: name) }
        }
    }

    private mutating func insert(_ denial: Denial, of name: Name) {
        var others = denials[name] ?? []
        guard !others.contains(where: { $0.includes(denial) }) else { return }
        others.removeAll { denial.includes($0) }
        others.append(denial)
        denials[name] = others
    }

    /// Whether the bearer of a token that verified is refused nevertheless.
    package func denies(_ principal: Principal, nowSeconds: Int64) -> Bool {
        guard !denials.isEmpty else { return false }
        let issuer = principal.subject.issuer
        func denies(_ target: Target) -> Bool {
            guard let denials = denials[Name(issuer: issuer, target: target)] else { return false }
            return denials.contains {
                $0.denies(issuedAtSeconds: principal.issuedAtSeconds, nowSeconds: nowSeconds)
            }
        }
        if let id = principal.tokenID, denies(.token(id: id)) { return true }
        return denies(.subject(principal.subject.name)) || denies(.issuer)
    }
}
