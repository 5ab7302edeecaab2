internal import AccessControl
internal import Libuv
internal import MCP
internal import Telemetry

extension AuditRecord {
    /// A decision of this moment.
    ///
    /// - Parameters:
    ///   - operation: What was wanted, as far as that is known.
    ///   - principal: By whom; `nil` if nobody's credentials were believed.
    ///   - dispatcher: Knows the names of what there is.
    ///   - peer: Where it came from.
    ///   - refusal: Why it was refused; `nil` if it was allowed.
    init(
        _ operation: Operation,
        by principal: Principal?,
        of dispatcher: Dispatcher,
        from peer: Peer,
        _ refusal: RefusalReason?
    ) {
        self.init(milliseconds: WallClock.millisecondsSinceEpoch())
        if let principal {
            issuer = principal.subject.issuer
            subject = principal.subject.name
            workspace = "\(principal.workspace)"
        }
        method = operation.method?.rawValue ?? ""
        name = dispatcher.name(of: operation.target)
        self.peer = peer
        self.refusal = refusal?.name ?? ""
    }
}
