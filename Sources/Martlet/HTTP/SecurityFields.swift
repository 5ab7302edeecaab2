internal import HTTP1

/// What every response carries so that no browser does more with it than read it.
enum SecurityFields {
    /// Who may see a response.
    enum Audience {
        /// The client that asked, and no cache.
        case client
        /// Everybody, for as long as a cache likes to keep it within an hour.
        case everybody
    }

    /// The fields of a response.
    ///
    /// - Parameters:
    ///   - audience: Who may see the response.
    ///   - isHTTPS: Whether clients reach the server over TLS, and shall from now on.
    /// - Returns: The fields, none of them about the content.
    static func make(for audience: Audience = .client, isHTTPS: Bool) -> FieldBlock {
        var fields: FieldBlock = [
            .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
            .referrerPolicy: "no-referrer",
            .xFrameOptions: "DENY",
        ]
        switch audience {
        case .client:
            fields.append(.cacheControl, "no-store")
            fields.append(.crossOriginResourcePolicy, "same-origin")
        case .everybody:
            fields.append(.cacheControl, "max-age=3600")
            fields.append(.crossOriginResourcePolicy, "cross-origin")
            fields.append(.accessControlAllowOrigin, "*")
        }
        if isHTTPS { fields.append(.strictTransportSecurity, "max-age=31536000") }
        return fields
    }
}
