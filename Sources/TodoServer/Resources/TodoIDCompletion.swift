internal import Martlet
internal import Todos

extension CompletionSource {
    /// Proposes ids of the caller's workspace that begin with what was typed.
    static func todoID(_ services: TodoServices) -> CompletionSource {
        CompletionSource(permission: .readTodos) { value, _, context throws(RequestFailure) in
            let call = TodoCall(services, context)
            let found = try await call.result { () async throws(TodoError) in
                try await TodoIDPrefix(value)?.ids(for: call) ?? (ids: [], hasMore: false)
            }
            return Completion(found.ids.map { "\($0)" }, hasMore: found.hasMore)
        }
    }
}

/// The ids whose decimal text begins with some digits: one run of ids for each number of digits.
///
/// For `12` these are 12, 120 to 129, 1200 to 1299 and so on, so that a few pages of the list find
/// them, however long it is.
struct TodoIDPrefix {
    /// Ascending, 19 at most.
    let runs: [ClosedRange<Int64>]

    /// - Returns: `nil` if no id begins like that.
    init?(_ text: String) {
        guard !text.isEmpty else {
            runs = [1...Int64.max]
            return
        }
        guard let number = Int64(text), number > 0, text == "\(number)" else { return nil }
        var runs: [ClosedRange<Int64>] = []
        var (first, size) = (number, 1 as Int64)
        while true {
            let (last, isBeyond) = first.addingReportingOverflow(size - 1)
            runs.append(first...(isBeyond ? .max : last))
            let (nextFirst, overflows) = first.multipliedReportingOverflow(by: 10)
            guard !overflows else { break }
            // It is never greater than `first`, which has not overflowed.
            (first, size) = (nextFirst, size * 10)
        }
        self.runs = runs
    }

    /// The first ids of a workspace that begin with the digits, as many as are proposed.
    func ids(for call: TodoCall) async throws(TodoError) -> (ids: [Int64], hasMore: Bool) {
        let countMax = CompletionSource.valueCountMax
        var ids: [Int64] = []
        // The least id of the workspace that is known to lie beyond the last run.
        var next: Int64 = 1
        for run in runs where run.upperBound >= next {
            var after: Int64? = run.lowerBound - 1
            while let last = after {
                // One more than is proposed tells whether there are more.
                let wanted = min(countMax + 1 - ids.count, TodoQuery.limitMax)
                guard wanted > 0 else { return (Array(ids.prefix(countMax)), true) }
                let page = try await call.service.list(after: last, limit: wanted, for: call.caller)
                let inside = page.todos.prefix { run.contains($0.id) }
                ids += inside.map(\.id)
                after = inside.count == page.todos.count ? page.nextAfter : nil
                if let beyond = page.todos.dropFirst(inside.count).first {
                    next = beyond.id
                } else if page.nextAfter == nil {
                    // The workspace has no greater ids.
                    return (Array(ids.prefix(countMax)), ids.count > countMax)
                }
            }
        }
        return (Array(ids.prefix(countMax)), ids.count > countMax)
    }
}
