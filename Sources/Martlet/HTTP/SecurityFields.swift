internal import HTTP1

/// What every response carries so that no browser does more with it than read it.
enum SecurityFields {
    /// - Parameter isHTTPS: Whether clients reach the server over TLS, and shall from now on.
    static func make(isHTTPS: Bool) -> FieldBlock {
        var fields: FieldBlock = [
            .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
            .referrerPolicy: "no-referrer",
            .crossOriginResourcePolicy: "same-origin",
            .xFrameOptions: "DENY",
        ]
        if isHTTPS { fields.append(.strictTransportSecurity, "max-age=31536000") }
        return fields
    }
}
