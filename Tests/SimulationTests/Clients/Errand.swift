/// What a request is for.
enum Errand {
    case write(Write)

    /// The first page; the reader must see this version of the list, or a later one.
    case list(sinceVersion: Int)
    case tools
    case unknownMethod

    /// A call by somebody who has no token.
    case stranger
    case health
    case readiness

    /// What is not HTTP as served here: its connection ends.
    case nonsense
    case beginSession
    case endSession(Session)

    // Of a session.

    /// Its client is ready.
    case initialized(Session)

    /// To hear of changes of the list, or no longer.
    case subscribe(Session, Subscription.Wish)

    /// The stream of the session, from the beginning or after an event; it may be lost again.
    case openStream(Session, lastEventID: String?, Loss?)

    /// A stream of changes of the list.
    case listen

    var isStream: Bool {
        switch self {
        case .listen, .openStream: true
        default: false
        }
    }

    /// Whether its answer may have to wait for the store.
    var needsStore: Bool {
        switch self {
        case .write, .list: true
        default: false
        }
    }

    /// Whether it is looked at only by those who may be let in.
    var needsCredentials: Bool {
        switch self {
        case .stranger, .health, .readiness, .nonsense: false
        default: true
        }
    }
}
