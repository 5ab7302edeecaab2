/// Whether a session's client hears of changes of the list.
struct Subscription {
    private enum State {
        case none, subscribed
        /// A request to end it was lost.
        case doubtful
    }

    private var state = State.none

    /// Requests to begin and to end it that have no answer.
    private(set) var beginningCount = 0
    private(set) var endingCount = 0

    var isCertain: Bool { state == .subscribed && endingCount == 0 }
    var isPossible: Bool { state != .none || beginningCount > 0 || endingCount > 0 }

    /// Whether a request is under way, or it makes no difference any longer.
    var isSettled: Bool { state != .doubtful && beginningCount == 0 && endingCount == 0 }

    mutating func ask(_ wish: Wish) {
        switch wish {
        case .begin: beginningCount += 1
        case .end: endingCount += 1
        }
    }

    /// The server has done what it was asked for, or not; `nil` if nobody knows.
    mutating func settle(_ wish: Wish, isDone: Bool?) {
        switch wish {
        case .begin:
            beginningCount -= 1
            if isDone != false, state == .none { state = isDone == true ? .subscribed : .doubtful }
        case .end:
            endingCount -= 1
            if isDone != false { state = isDone == true ? .none : .doubtful }
        }
    }

    enum Wish {
        case begin, end
    }
}
