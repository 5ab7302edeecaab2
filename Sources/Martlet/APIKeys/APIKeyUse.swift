/// What the field `X-API-Key` means to a server.
enum APIKeyUse: Hashable, Sendable {
    case accepted
    /// API keys are switched off: the field means nothing, like any that is not known.
    case ignored
}
