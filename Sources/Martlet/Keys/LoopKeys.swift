internal import JWT
internal import Libuv

/// One loop's side of the fetched keys: the keys themselves, and the requests that wait for some.
///
/// Not `Sendable`: belongs to the loop.
final class LoopKeys {
    /// A key that a token needs and this loop does not have.
    enum MissingKey {
        case any(sourceIndex: Int)
        case named(String?, sourceIndex: Int)

        var sourceIndex: Int {
            switch self {
            case .any(let index), .named(_, let index): index
            }
        }
    }

    /// What becomes of a request whose token did not verify.
    enum Answer {
        case refuse
        case unavailable(retryAfterSeconds: Int)
        case wait(MissingKey)
    }

    private let loop: EventLoop
    private var authenticator: Authenticator
    private let distribution: KeyDistribution
    private let waitingCountMax: Int
    private let issuers: [String]
    private var views: [KeySourceView]

    /// By source, the requests that wait for its keys.
    private var waiting: [[ObjectIdentifier: WaitingRequest]]

    /// By source, what was asked for since its last fetch.
    private var demandedKeyIDs: [Set<String?>]

    /// Requests whose wait is over, and which are looked at again in their turn.
    private var due: ArraySlice<WaitingRequest> = []
    private var timer: OneShotTimer?

    init(
        _ issuers: [String],
        _ refresh: KeyRefresh,
        on loop: EventLoop,
        _ authenticator: Authenticator,
        _ distribution: KeyDistribution
    ) {
        self.issuers = issuers
        self.loop = loop
        self.authenticator = authenticator
        self.distribution = distribution
        waitingCountMax = refresh.waitingRequestCountMax
        views = issuers.map { _ in .initial }
        waiting = issuers.map { _ in [:] }
        demandedKeyIDs = issuers.map { _ in [] }
    }

    /// Takes over whatever the keeper publishes, until it ends.
    ///
    /// - Precondition: Called on the loop's thread.
    func follow(loopIndex: Int) {
        timer = OneShotTimer(on: loop) { [unowned self] in resumeDue() }
        loop.startTask(with: self) { keys in
            for await views in keys.distribution.updates[loopIndex] { keys.apply(views) }
            keys.timer?.close()
            keys.timer = nil
        }
    }

    /// Gives the keys to another authenticator, now and when they change.
    func adopt(_ authenticator: Authenticator) {
        self.authenticator = authenticator
        for index in views.indices where views[index].generation > 0 {
            replaceKeys(views[index].keys, ofSourceAt: index)
        }
    }

    /// What to answer to a token that was rejected, which most often is to refuse it.
    func answer(to rejection: TokenRejection) -> Answer {
        switch rejection {
        case .unknownKey(let key):
            guard let index = issuers.firstIndex(of: key.issuer) else { return .refuse }
            let answer = views[index].answer(
                toUnknownKey: key.keyID,
                at: loop.monotonicMilliseconds
            )
            return Self.answer(answer, missing: .named(key.keyID, sourceIndex: index))
        case .keysUnavailable(let issuer):
            guard let index = issuers.firstIndex(of: issuer) else { return .refuse }
            let answer = views[index].answerWithoutKeys(at: loop.monotonicMilliseconds)
            return Self.answer(answer, missing: .any(sourceIndex: index))
        default:
            return .refuse
        }
    }

    /// Has a request wait for a key, which is asked for.
    ///
    /// - Returns: `false` if too many wait already.
    func wait(_ request: WaitingRequest) -> Bool {
        guard waiting.reduce(due.count, { $0 + $1.count }) < waitingCountMax else { return false }
        let index = request.missing.sourceIndex
        waiting[index][ObjectIdentifier(request)] = request
        // Clients that go away make room for others, and each could name another key. As many
        // demands as are remembered have been made then, and any one wakes all who wait.
        if case .named(let keyID, _) = request.missing,
            demandedKeyIDs[index].count < KeyRefresh.absentKeyIDCountMax,
            demandedKeyIDs[index].insert(keyID).inserted
        {
            distribution.demand(
                .init(sourceIndex: index, keyID: keyID, generation: views[index].generation)
            )
        }
        return true
    }

    /// Nobody waits for that any more.
    func cancel(_ request: WaitingRequest) {
        waiting[request.missing.sourceIndex][ObjectIdentifier(request)] = nil
    }

    private func apply(_ views: [KeySourceView]) {
        for index in views.indices {
            if views[index].generation != self.views[index].generation {
                replaceKeys(views[index].keys, ofSourceAt: index)
            }
            self.views[index] = views[index]
            guard case .resting = views[index].activity else { continue }
            demandedKeyIDs[index] = []
            due += waiting[index].values
            waiting[index] = [:]
        }
        resumeDue()
    }

    private func replaceKeys(_ materials: [KeyMaterial], ofSourceAt index: Int) {
        do throws(KeyError) {
            try authenticator.setKeys(materials, ofIssuer: issuers[index])
        } catch {
            preconditionFailure("key material makes a key: \(error)")
        }
    }

    /// Looks again at some of those whose wait is over; the sockets get their turn in between.
    private func resumeDue() {
        let batch = due.prefix(KeyRefresh.resumedRequestCountMax)
        due = due.dropFirst(batch.count)
        // An empty slice would keep what it was cut from, with all who have waited.
        if due.isEmpty { due = [] }
        for request in batch { request.resume() }
        if !due.isEmpty { timer?.start(afterMilliseconds: 0) }
    }

    private static func answer(_ answer: KeySourceView.Answer, missing: MissingKey) -> Answer {
        switch answer {
        case .wait: .wait(missing)
        case .refuse: .refuse
        case .unavailable(let seconds): .unavailable(retryAfterSeconds: seconds)
        }
    }
}
