/// The versions of HTTP this server speaks.
///
/// A request of a later minor version is one of 1.1, the highest of that major version this server
/// implements (RFC 9110 §2.5).
public enum HTTPVersion: Hashable, Sendable {
    case http10, http11
}
