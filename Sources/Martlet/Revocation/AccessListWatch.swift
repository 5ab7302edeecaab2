internal import Libuv
internal import Logging
internal import Synchronization

/// Looks at the access lists on a thread of its own and hands what changed to every loop.
///
/// Reading a list may take a while, and no request waits for it. A loop that is busy is handed the
/// newest content only, when it gets to it.
final class AccessListWatch: Sendable {
    /// What a loop is handed, numbered so that it can be told that it has arrived.
    struct Update: Sendable {
        let number: Int
        let content: AccessLists.Content
    }

    /// What arrived where, and who waits for it.
    private struct Arrivals {
        var latest: [Int]
        var waiting: [(number: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private enum Message: Sendable {
        case look(nowSeconds: Int64)
        /// With a sign of life when it is done: the number of the latest update.
        case lookAndTell(nowSeconds: Int64, CheckedContinuation<Int, Never>)

        var nowSeconds: Int64 {
            switch self {
            case .look(let nowSeconds), .lookAndTell(let nowSeconds, _): nowSeconds
            }
        }
    }

    /// Ticks that may wait while a list is being read; they are answered together.
    private static let waitingMessageCountMax = 64

    private let mailbox = Mailbox<Message>(countMax: waitingMessageCountMax)
    private let thread: NativeThread
    private let continuations: [AsyncStream<Update>.Continuation]
    private let arrivals: Mutex<Arrivals>

    /// One for each loop, to be read by that loop.
    let updates: [AsyncStream<Update>]

    /// - Parameters:
    ///   - lists: The lists as they were read when the server started.
    ///   - review: What is worth a warning in them.
    ///   - loopCount: How many loops decide by them.
    ///   - logger: Told when a list cannot be used.
    /// - Throws: ``LibuvError`` when the process is out of threads.
    init(
        _ lists: AccessLists,
        _ review: AccessListReview,
        loopCount: Int,
        logger: Logger
    ) throws(LibuvError) {
        let streams = (0..<loopCount).map { _ in
            AsyncStream<Update>.makeStream(bufferingPolicy: .bufferingNewest(1))
        }
        updates = streams.map(\.stream)
        let continuations = streams.map(\.continuation)
        self.continuations = continuations
        arrivals = Mutex(Arrivals(latest: Array(repeating: 0, count: loopCount)))
        let mailbox = mailbox
        thread = try NativeThread(name: "access-lists") {
            var lists = lists
            var number = 0
            for warning in review.warnings(about: lists.content) { logger.warning("\(warning)") }
            while let messages = mailbox.receiveAll() {
                guard let last = messages.last else { continue }
                let (isChanged, reports) = lists.look(nowSeconds: last.nowSeconds)
                for report in reports { logger.log(report) }
                if isChanged {
                    number += 1
                    let content = lists.content
                    for warning in review.warnings(about: content) { logger.warning("\(warning)") }
                    let update = Update(number: number, content: content)
                    for continuation in continuations { continuation.yield(update) }
                }
                for case .lookAndTell(_, let continuation) in messages {
                    continuation.resume(returning: number)
                }
            }
        }
    }

    /// Has the files looked at soon.
    func tick(nowSeconds: Int64) {
        // A full mailbox has been told already.
        _ = mailbox.send(.look(nowSeconds: nowSeconds))
    }

    /// Looks at the files, and returns when every loop decides by what they say.
    func look(nowSeconds: Int64) async {
        let number = await withCheckedContinuation { continuation in
            if !mailbox.send(.lookAndTell(nowSeconds: nowSeconds, continuation)) {
                continuation.resume(returning: 0)
            }
        }
        await withCheckedContinuation { continuation in
            let hasArrived = arrivals.withLock { arrivals in
                if arrivals.latest.allSatisfy({ $0 >= number }) { return true }
                arrivals.waiting.append((number, continuation))
                return false
            }
            if hasArrived { continuation.resume() }
        }
    }

    /// Notes that a loop decides by an update from now on.
    func didArrive(_ update: Update, atLoop index: Int) {
        let done = arrivals.withLock { arrivals in
            arrivals.latest[index] = update.number
            let oldest = arrivals.latest.min() ?? 0
            let done = arrivals.waiting.filter { $0.number <= oldest }
            arrivals.waiting.removeAll { $0.number <= oldest }
            return done.map(\.continuation)
        }
        for continuation in done { continuation.resume() }
    }

    /// Ends the thread, and each loop's updates.
    func close() {
        mailbox.close()
        thread.join()
        for continuation in continuations { continuation.finish() }
    }
}

extension Logger {
    fileprivate func log(_ report: WatchedFileReport) {
        switch report {
        case .failing(let error): self.error("\(error); what was read before stays in force")
        case .recovered(let kind): notice("\(kind) can be read again")
        }
    }
}
