public import AccessControl

/// What a tool may know of the request that calls it.
public struct RequestContext: Sendable {
    /// Who calls.
    ///
    /// A value that travels with the request: no two requests share it.
    public let principal: Principal

    public let protocolVersion: ProtocolVersion

    /// The key under which the client wants this call to happen once, from
    /// `_meta["dev.martlet/idempotencyKey"]`.
    public let idempotencyKey: String?

    /// When the request arrived, in seconds since 1970.
    public let nowSeconds: Int64

    /// Which of the server's event loops runs the call, counted from 0.
    public let loopIndex: Int

    public init(
        principal: Principal,
        protocolVersion: ProtocolVersion,
        idempotencyKey: String?,
        nowSeconds: Int64,
        loopIndex: Int
    ) {
        self.principal = principal
        self.protocolVersion = protocolVersion
        self.idempotencyKey = idempotencyKey
        self.nowSeconds = nowSeconds
        self.loopIndex = loopIndex
    }
}
