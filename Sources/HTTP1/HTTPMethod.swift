internal import Bytes

/// A request method (RFC 9110 §9.3, RFC 5789).
public enum HTTPMethod: Hashable, Sendable {
    case get, head, post, put, delete, options, patch, connect, trace
    /// A method of another specification; ``RequestHead/methodRange`` has its spelling.
    case other

    private static let names: [(Word, HTTPMethod)] = [
        (Word("POST"), .post), (Word("GET"), .get), (Word("OPTIONS"), .options),
        (Word("DELETE"), .delete), (Word("HEAD"), .head), (Word("PUT"), .put),
        (Word("PATCH"), .patch), (Word("CONNECT"), .connect), (Word("TRACE"), .trace),
    ]

    /// Methods are case-sensitive: `get` is another method.
    ///
    /// - Parameter name: A token of at most seven bytes, then zero bytes.
    init(_ name: Word) {
        for (known, method) in Self.names where known == name {
            self = method
            return
        }
        self = .other
    }
}
