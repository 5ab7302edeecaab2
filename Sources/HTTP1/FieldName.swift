/// The field names this server reads or writes, each spelled once.
///
/// Names compare without regard to case (RFC 9110 §5.1); a parsed name is compared once, and from
/// then on is one of these.
public enum FieldName: UInt8, CaseIterable, Sendable {
    // Message framing and connection.
    case host, contentLength, transferEncoding, connection, expect, te, trailer, upgrade

    // Content and its negotiation.
    case contentType, contentEncoding, accept, acceptEncoding, acceptLanguage

    // Who asks, and from where.
    case authorization, apiKey, cookie, origin, referer, userAgent
    case forwarded, xForwardedFor, xForwardedHost, xForwardedProto
    case accessControlRequestMethod, accessControlRequestHeaders

    // Tracing.
    case traceparent, tracestate, baggage, xRequestID

    // The Model Context Protocol and event streams.
    case lastEventID, mcpProtocolVersion, mcpMethod, mcpName, mcpSessionID

    // Written only.
    case date, server, allow, cacheControl, location, rateLimit, rateLimitPolicy, retryAfter, vary
    case wwwAuthenticate, accessControlAllowOrigin, accessControlAllowMethods,
        accessControlAllowHeaders
    case accessControlExposeHeaders, accessControlMaxAge
    case xAccelBuffering, xContentTypeOptions, xFrameOptions, contentSecurityPolicy
    case crossOriginResourcePolicy, referrerPolicy, strictTransportSecurity

    /// Any other name, well-formed.
    case other

    /// The name as this server writes it.
    ///
    /// - Precondition: Not ``other``, which has no one spelling.
    public var spelling: String {
        switch self {
        case .host: "Host"
        case .contentLength: "Content-Length"
        case .transferEncoding: "Transfer-Encoding"
        case .connection: "Connection"
        case .expect: "Expect"
        case .te: "TE"
        case .trailer: "Trailer"
        case .upgrade: "Upgrade"
        case .contentType: "Content-Type"
        case .contentEncoding: "Content-Encoding"
        case .accept: "Accept"
        case .acceptEncoding: "Accept-Encoding"
        case .acceptLanguage: "Accept-Language"
        case .authorization: "Authorization"
        case .apiKey: "X-API-Key"
        case .cookie: "Cookie"
        case .origin: "Origin"
        case .referer: "Referer"
        case .userAgent: "User-Agent"
        case .forwarded: "Forwarded"
        case .xForwardedFor: "X-Forwarded-For"
        case .xForwardedHost: "X-Forwarded-Host"
        case .xForwardedProto: "X-Forwarded-Proto"
        case .accessControlRequestMethod: "Access-Control-Request-Method"
        case .accessControlRequestHeaders: "Access-Control-Request-Headers"
        case .traceparent: "traceparent"
        case .tracestate: "tracestate"
        case .baggage: "baggage"
        case .xRequestID: "X-Request-ID"
        case .lastEventID: "Last-Event-ID"
        case .mcpProtocolVersion: "MCP-Protocol-Version"
        case .mcpMethod: "Mcp-Method"
        case .mcpName: "Mcp-Name"
        case .mcpSessionID: "Mcp-Session-Id"
        case .date: "Date"
        case .server: "Server"
        case .allow: "Allow"
        case .cacheControl: "Cache-Control"
        case .location: "Location"
        case .rateLimit: "RateLimit"
        case .rateLimitPolicy: "RateLimit-Policy"
        case .retryAfter: "Retry-After"
        case .vary: "Vary"
        case .wwwAuthenticate: "WWW-Authenticate"
        case .accessControlAllowOrigin: "Access-Control-Allow-Origin"
        case .accessControlAllowMethods: "Access-Control-Allow-Methods"
        case .accessControlAllowHeaders: "Access-Control-Allow-Headers"
        case .accessControlExposeHeaders: "Access-Control-Expose-Headers"
        case .accessControlMaxAge: "Access-Control-Max-Age"
        case .xAccelBuffering: "X-Accel-Buffering"
        case .xContentTypeOptions: "X-Content-Type-Options"
        case .xFrameOptions: "X-Frame-Options"
        case .contentSecurityPolicy: "Content-Security-Policy"
        case .crossOriginResourcePolicy: "Cross-Origin-Resource-Policy"
        case .referrerPolicy: "Referrer-Policy"
        case .strictTransportSecurity: "Strict-Transport-Security"
        case .other: preconditionFailure("a name outside the list has no spelling of ours")
        }
    }
}
