/// A key of a set that is not used, and why.
public struct SkippedKey: Hashable, Sendable {
    /// Its place in the set, from 0.
    public let index: Int

    /// Its `kid`, if that could be read.
    public let keyID: String?

    public let reason: KeyError
}

extension SkippedKey: CustomStringConvertible {
    public var description: String {
        "key \(index) (\(keyID.map { "kid \($0.debugDescription)" } ?? "without kid")): \(reason)"
    }
}
