public import AccessControl

/// What a tool, resource or prompt may know of the request it answers, and its way to the client.
public struct RequestContext: Sendable {
    /// Who calls.
    ///
    /// A value that travels with the request: no two requests share it.
    public let principal: Principal

    /// When the request arrived, in seconds since 1970.
    public let nowSeconds: Int64

    /// Which of the server's event loops runs the call, counted from 0.
    public let loopIndex: Int

    let call: FeatureCall
    let link: (any ClientLink)?

    /// Where a tool that runs as a task turns to.
    let task: TaskLink?

    /// The link is `nil` where nothing but the response can be sent.
    public init(
        _ call: FeatureCall,
        principal: Principal,
        nowSeconds: Int64,
        loopIndex: Int,
        link: (any ClientLink)? = nil
    ) {
        self.call = call
        self.principal = principal
        self.nowSeconds = nowSeconds
        self.loopIndex = loopIndex
        self.link = link
        task = nil
    }

    /// What a tool sees that runs as a task: its client is gone, and comes back to ask.
    public init(
        _ call: FeatureCall,
        principal: Principal,
        nowSeconds: Int64,
        loopIndex: Int,
        task: TaskLink
    ) {
        self.call = call
        self.principal = principal
        self.nowSeconds = nowSeconds
        self.loopIndex = loopIndex
        link = nil
        self.task = task
    }

    /// Whether the tool runs as a task: longer than any call may take.
    public var runsAsTask: Bool { task != nil }

    public var protocolVersion: ProtocolVersion { call.protocolVersion }

    /// The key under which the client wants this call to happen once, from
    /// `_meta["dev.martlet/idempotencyKey"]`.
    public var idempotencyKey: String? { call.idempotencyKey }

    /// The trace that the request is part of, from `_meta` or the HTTP fields, to be passed on; `nil`
    /// if the client does not say.
    public var trace: TraceContext? { call.trace }

    /// Whether the client can be asked for all of this.
    public func clientSupports(_ capabilities: ClientCapabilities) -> Bool {
        capabilities.isSubset(of: call.capabilities)
    }
}
