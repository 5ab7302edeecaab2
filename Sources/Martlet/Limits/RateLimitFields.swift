internal import HTTP1

/// What a client is told of its share (draft-ietf-httpapi-ratelimit-headers-10).
///
///     RateLimit-Policy: "requests";q=2000;w=2
///     RateLimit: "requests";r=1998;t=1
///
/// `q` is how many at once after a pause and `w` in how many seconds so many come back; `r` is how
/// many are left now, and `t` after how many seconds all are.
enum RateLimitFields {
    /// Names of policies: they go into responses and nothing else.
    enum Policy: String {
        case requests
        case tool
    }

    static func append(
        _ policy: Policy,
        _ limit: RateLimit,
        _ share: RateLimitTable.Share,
        to fields: inout FieldBlock
    ) {
        let window = (limit.burst + limit.perSecond - 1) / limit.perSecond
        let quota = FieldValue("\"\(policy.rawValue)\";q=\(limit.burst);w=\(window)")
        let rest = FieldValue(
            "\"\(policy.rawValue)\";r=\(share.remainingCount);t=\(share.resetSeconds)"
        )
        guard let quota, let rest else { preconditionFailure("digits and letters") }
        fields.append(.rateLimitPolicy, quota)
        fields.append(.rateLimit, rest)
    }
}
