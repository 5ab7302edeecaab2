internal import AccessControl
internal import Libuv

/// One loop's side of the access lists: what the authenticators of this loop decide by.
///
/// Not `Sendable`: belongs to the loop. Who has been let in already asks ``refuses(_:nowSeconds:)``
/// again when ``generation`` has changed: a request whose body came later than the list, a stream.
final class LoopAccessLists {
    /// Raised with every change.
    private(set) var generation = 0

    private var content: AccessLists.Content
    private var authenticator: Authenticator
    private var apiKeys: APIKeyAuthenticator?

    init(
        _ content: AccessLists.Content,
        _ authenticator: Authenticator,
        _ apiKeys: APIKeyAuthenticator?
    ) {
        self.content = content
        self.authenticator = authenticator
        self.apiKeys = apiKeys
        handOut()
    }

    /// Tells others than before what is decided by.
    func adopt(_ authenticator: Authenticator, _ apiKeys: APIKeyAuthenticator?) {
        self.authenticator = authenticator
        self.apiKeys = apiKeys
        handOut()
    }

    /// Takes over whatever the watch finds, until it ends.
    ///
    /// - Precondition: Called on the loop's thread.
    func follow(_ watch: AccessListWatch, on loop: EventLoop, index: Int) {
        loop.startTask(with: self) { lists in
            for await update in watch.updates[index] {
                lists.content = update.content
                lists.generation += 1
                lists.handOut()
                watch.didArrive(update, atLoop: index)
            }
        }
    }

    /// Whether somebody who was let in would be refused now: denied, or with a key that is revoked.
    func refuses(_ principal: Principal, nowSeconds: Int64) -> Bool {
        if content.denyList.denies(principal, nowSeconds: nowSeconds) { return true }
        guard let apiKeys = content.apiKeys, principal.subject.issuer == APIKeySet.issuer,
            let id = principal.tokenID.flatMap({ APIKeyID($0) })
        else { return false }
        return apiKeys[id] == nil
    }

    private func handOut() {
        authenticator.deny(content.denyList, nowSeconds: WallClock.secondsSinceEpoch())
        apiKeys?.replace(content)
    }
}
