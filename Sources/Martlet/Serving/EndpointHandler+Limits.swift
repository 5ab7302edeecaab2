internal import AccessControl
internal import HTTP1
internal import MCP

// What refuses a request that may be made, because there are too many.
extension EndpointHandler {
    /// 429: the subject has asked for its share.
    func tooManyRequests(of principal: Principal, _ seconds: Int) -> ConstantResponse {
        tooMany(
            "requests",
            .requests,
            endpoint.shared.subjectLimit,
            principal,
            retryAfterSeconds: seconds
        )
    }

    /// 429 for a tool of which the subject has had its share; otherwise one more is counted.
    func refusal(
        by limits: ToolLimits,
        _ operation: Operation,
        _ principal: Principal
    ) -> ConstantResponse? {
        guard let table = limits[operation] else { return nil }
        let now = endpoint.loop.monotonicMilliseconds
        guard case .refused(let seconds) = table.take(principal.subject, atMilliseconds: now) else {
            tellShare(.tool, table, principal)
            return nil
        }
        return tooMany(
            "calls of this tool",
            .tool,
            table,
            principal,
            retryAfterSeconds: seconds
        )
    }

    /// 429 for a call of the legacy era; in the modern one the limit of its tool was looked at with
    /// the head.
    func refusal(byToolOf operation: Operation, _ principal: Principal) -> ConstantResponse? {
        guard fields.era == .legacy, let limits = endpoint.shared.toolLimits else { return nil }
        return refusal(by: limits, operation, principal)
    }

    /// Adds to the response what is left of the subject's share of requests.
    func tellShare(of principal: Principal) {
        tellShare(.requests, endpoint.shared.subjectLimit, principal)
    }

    private func tellShare(
        _ policy: RateLimitFields.Policy,
        _ table: RateLimitTable,
        _ principal: Principal
    ) {
        var fields = originFields ?? [:]
        RateLimitFields.append(policy, table.limit, share(table, principal), to: &fields)
        originFields = fields
    }

    private func share(_ table: RateLimitTable, _ principal: Principal) -> RateLimitTable.Share {
        table.share(of: principal.subject, atMilliseconds: endpoint.loop.monotonicMilliseconds)
    }

    private func tooMany(
        _ what: String,
        _ policy: RateLimitFields.Policy,
        _ table: RateLimitTable,
        _ principal: Principal,
        retryAfterSeconds seconds: Int
    ) -> ConstantResponse {
        var fields: FieldBlock = [:]
        RateLimitFields.append(policy, table.limit, share(table, principal), to: &fields)
        return responses.tooMany(what, retryAfterSeconds: seconds, .rateLimited, fields)
    }
}
