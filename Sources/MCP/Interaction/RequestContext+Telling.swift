public import JSON

// What a request says to its client before it is answered. Nothing here waits, and nothing is lost
// that matters: a client that does not listen goes without.
extension RequestContext {
    /// Tells how far the request has come, if the client wants to know (MCP, *Progress*).
    ///
    /// Of a task it becomes the `statusMessage`.
    ///
    /// - Parameters:
    ///   - progress: More each time.
    ///   - total: Where `progress` will end, in the same unit, if that is known.
    ///   - message: What is being done now.
    public func report(progress: Double, of total: Double? = nil, message: String? = nil) {
        if let task {
            // Tasks have a status instead (ext-tasks, *Task Status Notifications*).
            task.report(message ?? Self.text(of: progress, of: total))
            return
        }
        guard let link, let token = call.progressToken else { return }
        link.notify(
            Notifications.progress(
                progress,
                of: total,
                // It came with 2025-03-26, the oldest revision served.
                message: message,
                token: token,
                for: protocolVersion
            )
        )
    }

    private static func text(of progress: Double, of total: Double?) -> String {
        func text(_ number: Double) -> String { RawJSON { $0.double(number) }.description }
        return total.map { "\(text(progress)) of \(text($0))" } ?? text(progress)
    }

    /// Whether the client wants messages of this level, so that a costly one need not be made.
    public func isLogged(_ level: LogLevel) -> Bool {
        guard link != nil, let wanted = call.logLevel else { return false }
        return level >= wanted
    }

    /// Sends a log message, if the client wants those of this level (MCP, *Logging*).
    ///
    /// For the client's developers: no secret belongs here. The data are any JSON; the logger is the
    /// name of the part that has something to say.
    public func log(_ level: LogLevel, _ data: RawJSON, logger: String? = nil) {
        guard let link, isLogged(level) else { return }
        link.notify(Notifications.log(level, data, logger: logger))
    }

    /// Sends a sentence as a log message.
    public func log(_ level: LogLevel, _ message: String, logger: String? = nil) {
        guard isLogged(level) else { return }
        log(level, RawJSON { $0.string(message) }, logger: logger)
    }

    /// Tells that the user is done at the address of an elicitation (MCP 2025-11-25, *Elicitation*,
    /// "Completion Notifications for URL Mode Elicitation").
    ///
    /// Does nothing in revisions without such a notification.
    public func noteElicitationComplete(id: String) {
        guard protocolVersion == .v2025_11_25 else { return }
        link?.notify(Notifications.elicitationComplete(id))
    }

    /// Ends the connection and not the request: the client comes back for the response.
    ///
    /// Does nothing where the protocol cannot: in the modern era, and before 2025-11-25.
    public func disconnect(retryMilliseconds: Int) {
        guard protocolVersion == .v2025_11_25 else { return }
        link?.disconnect(retryMilliseconds: retryMilliseconds)
    }
}
