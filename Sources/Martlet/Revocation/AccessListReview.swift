internal import AccessControl

/// What in the access lists is allowed and most likely a mistake.
struct AccessListReview: Sendable {
    private let issuers: Set<String>
    private let policy: AccessPolicy

    /// - Parameters:
    ///   - issuers: Whose tokens are accepted.
    ///   - policy: What roles permit.
    init(issuers: [String], policy: AccessPolicy) {
        self.issuers = Set(issuers + [APIKeySet.issuer])
        self.policy = policy
    }

    /// A sentence for each mistake; numbers only, as names may be private.
    func warnings(about content: AccessLists.Content) -> [String] {
        var warnings: [String] = []
        // Allowed, as several servers may share a list.
        let strangers = content.denyList.issuers.subtracting(issuers).count
        if strangers > 0 {
            warnings.append("the deny list names \(strangers) issuers that are not trusted here")
        }
        let idle = content.apiKeys?.records.count {
            policy.rights(of: $0.holder).effective.isEmpty
        }
        if let idle, idle > 0 {
            warnings.append("\(idle) API keys permit nothing: the policy does not know their roles")
        }
        return warnings
    }
}
