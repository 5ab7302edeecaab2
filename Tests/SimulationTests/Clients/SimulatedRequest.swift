/// A request on its way, and what was so while the server may have looked at it.
final class SimulatedRequest {
    let id: String
    let errand: Errand
    let agent: Agent

    /// `nil` where none are sent.
    let credentials: Credentials?
    let session: Session?
    let begunAt: Int64
    private let bytes: [UInt8]
    private let headByteCount: Int
    private(set) var sentByteCount = 0

    // What the server can have seen since the head was there.
    private var hadGoodCredentials = false
    private var hadBadCredentials = false
    private var metOverload = false
    private var metServing = false
    private var hadSession = false
    private var lackedSession = false

    init(
        _ id: String,
        _ errand: Errand,
        of agent: Agent,
        _ credentials: Credentials?,
        _ session: Session?,
        _ text: RequestText,
        at moment: Moment
    ) {
        self.id = id
        self.errand = errand
        self.agent = agent
        self.credentials = credentials
        self.session = session
        begunAt = moment.milliseconds
        bytes = text.head + text.body
        headByteCount = text.head.count
        if let session { lackedSession = session.hasExpired }
        agent.waitingCount += 1
        if errand.isStream { agent.streams.claim(id) }
        switch errand {
        case .openStream(let session, let lastEventID, _):
            session.begin(StreamAttempt(id, credentials, standsAlone: lastEventID == nil))
        case .subscribe(let session, let wish): session.subscription.ask(wish)
        default: break
        }
    }

    var isHeadSent: Bool { sentByteCount >= headByteCount }
    var isSent: Bool { sentByteCount == bytes.count }
    var unsent: ArraySlice<UInt8> { bytes[sentByteCount...] }

    func didSend(_ count: Int) {
        sentByteCount += count
    }

    /// Takes note of what the server may see just now.
    func meet(_ moment: Moment) {
        guard isHeadSent else { return }
        if let credentials {
            let areGood = credentials.areGood(
                atSeconds: moment.wallSeconds,
                clockSkewSeconds: moment.scenario.clockSkewSeconds
            )
            if areGood { hadGoodCredentials = true } else { hadBadCredentials = true }
        }
        if moment.isOverloaded { metOverload = true } else { metServing = true }
        if let session {
            let isOver = session.isExpired(atSeconds: moment.wallSeconds) || session.hasEnded
            if isOver { lackedSession = true } else { hadSession = true }
            if session.isEnding { lackedSession = true }
            // What the server remembers of a session is over with it, whatever the clock says later.
            if session.hasExpired { hadSession = true }
        }
    }

    /// Whether such a refusal had a reason.
    func mayBeRefused(with status: Int) -> Bool {
        switch status {
        case 401: credentials == nil ? errand.needsNoExcuse : hadBadCredentials
        case 404: session != nil && lackedSession
        // Its session has ended before it was answered, and its answer is nothing.
        case 202: session?.isEnding == true && errand.needsStore
        case 503: metOverload
        default: false
        }
    }

    /// Whether it may have been let in.
    var mayBeServed: Bool {
        guard errand.needsCredentials else { return true }
        return hadGoodCredentials && metServing && (session == nil || hadSession)
    }
}

extension Errand {
    /// Whether whoever comes without a token means to.
    fileprivate var needsNoExcuse: Bool {
        if case .stranger = self { true } else { false }
    }
}
