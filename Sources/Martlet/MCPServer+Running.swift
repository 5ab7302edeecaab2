public import Libuv
internal import Logging
internal import Synchronization

// The server as all that a process does.
extension MCPServer {
    /// Serves until the process is asked to end, as ``run(_:)`` does.
    ///
    /// - Parameter started: Called once the server answers.
    /// - Throws: ``LibuvError`` when a socket cannot listen.
    public func run(started: @escaping () -> Void = {}) async throws {
        var lifecycle = ServerLifecycle()
        lifecycle.started = started
        try await run(lifecycle)
    }

    /// Serves until the process is asked to end (SIGTERM or SIGINT), then stops in good order; asked
    /// a second time, it ends at once.
    ///
    /// - Parameter lifecycle: What else is to be done on the way.
    /// - Throws: ``LibuvError`` when a socket cannot listen.
    public func run(_ lifecycle: ServerLifecycle) async throws {
        // First: whoever has had an answer may ask for the end.
        try await signals.watch(isReloadable: lifecycle.reload != nil)
        do throws(LibuvError) {
            try await start()
        } catch {
            await signals.close()
            throw error
        }
        lifecycle.started()
        var successor: SuccessorWatch.Readiness?
        while let request = await signals.next() {
            if case .reload = request {
                reopenAuditLog()
                await lifecycle.reload?()
                continue
            }
            if case .handOver(let readiness) = request { successor = readiness }
            break
        }
        lifecycle.stopping()
        shared.logger.info("\(words(for: successor))")
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // What is read again now would count for nobody.
                while let request = await self.signals.next() {
                    guard case .end = request else { continue }
                    self.shared.logger.notice("asked again: ending at once")
                    return await self.endAtOnce()
                }
            }
            _ = await drain(for: successor)
            await signals.close()
        }
        await finish()
    }

    /// Has ``run(_:)`` end for another process that has taken over the sockets, from any thread.
    ///
    /// Readiness stands: whoever asks at the same address will be answered by the successor.
    public func handOver(to successor: SuccessorWatch.Readiness) {
        signals.ask(for: .handOver(successor))
    }

    /// Says whether another process has the listening sockets, which has not taken over.
    ///
    /// When this one stops, what waits at them is left to it. Called from any thread.
    public func listeningSocketsAreShared(_ areShared: Bool) {
        shared.areSocketsShared.store(areShared, ordering: .relaxed)
    }

    /// Takes all that waits at the listening sockets for its own.
    ///
    /// For when the process that had them before has ended.
    public func claimListeningSockets() async {
        await http.claimListening()
    }

    /// What it listens on, for another process to take over; open until it begins to stop.
    public var listeningSockets: [ListeningSocket] { Array(sockets.joined()) }

    private func words(for successor: SuccessorWatch.Readiness?) -> String {
        switch successor {
        case .serving: "stopping: another process serves; finishing open requests"
        case .waiting: "stopping: another process waits; finishing open requests"
        case nil where drainDelaySeconds > 0:
            "stopping: not ready; in \(drainDelaySeconds) s nothing new is accepted"
        case nil: "stopping: finishing open requests"
        }
    }
}
