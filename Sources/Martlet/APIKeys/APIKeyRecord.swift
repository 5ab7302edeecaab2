/// What is kept of an API key: whom it stands for, and how it is known again.
package struct APIKeyRecord: Hashable, Sendable {
    package let id: APIKeyID
    package let holder: APIKeyHolder
    package let hash: APIKeyHash
    package let createdSeconds: Int64

    /// The second from which the key is good no longer; `nil` if it is good until it is revoked.
    package let expiresSeconds: Int64?

    package init(
        id: APIKeyID,
        holder: APIKeyHolder,
        hash: APIKeyHash,
        createdSeconds: Int64,
        expiresSeconds: Int64?
    ) {
        self.id = id
        self.holder = holder
        self.hash = hash
        self.createdSeconds = createdSeconds
        self.expiresSeconds = expiresSeconds
    }

    package func hasExpired(nowSeconds: Int64) -> Bool {
        expiresSeconds.map { nowSeconds >= $0 } ?? false
    }
}
