extension KeyMaterial {
    /// The thumbprint of the public half (RFC 7638 §3); `nil` for a secret, which it would help to
    /// guess (RFC 7638 §7).
    public var thumbprint: String? {
        parameters.kind == .secret ? nil : parameters.thumbprint
    }
}
