internal import CCurl
public import Libuv

/// Asks other servers over HTTP/1.1 and TLS, on one event loop.
///
/// Not `Sendable`: made, used and closed on the loop's thread, by tasks that
/// ``EventLoop/startTask(with:_:)`` started and by actors of that loop. Nothing blocks the loop;
/// libcurl looks names up on threads of its own.
///
/// The server's certificate is always verified. There are no cookies, no proxies from the
/// environment, no `.netrc` and no compression.
@safe
public final class CurlClient {
    private enum State {
        case open, closed
    }

    private let loop: EventLoop
    private let limits: HTTPClientLimits
    private let userAgent: String
    private let caFile: String?
    private var state = State.open
    private var multi: MultiHandle?
    private var running: [ObjectIdentifier: Transfer] = [:]
    private var waiting: [Transfer] = []
    private var callCount = 0

    /// A client, which holds descriptors until ``close()``.
    ///
    /// - Parameters:
    ///   - loop: The loop whose thread calls this.
    ///   - limits: What a server may cost.
    ///   - userAgent: How the client names itself: `martlet/1.0`.
    ///   - caFile: Certificates to trust instead of the system's, as PEM.
    /// - Precondition: `limits` has times of 1 to 86,400 seconds, at least one transfer and no
    ///   negative number.
    public init(
        on loop: EventLoop,
        limits: HTTPClientLimits = .init(),
        userAgent: String = "martlet",
        caFile: String? = nil
    ) {
        loop.checkIsolated()
        precondition(limits.isSound, "a limit of the HTTP client is none")
        // OpenSSL writes to sockets that the peer may have closed.
        SignalWatcher.ignoreBrokenPipes()
        self.loop = loop
        self.limits = limits
        self.userAgent = userAgent
        self.caFile = caFile
        multi = MultiHandle(
            on: loop,
            idleConnectionCountMax: limits.transferCountMax,
            didBreak: { [weak self] in self?.didBreak() },
            didComplete: { [weak self] easy, code in self?.didComplete(easy, code) }
        )
    }

    /// Asks for a resource and follows redirects to it.
    ///
    /// - Parameters:
    ///   - url: Where it is.
    ///   - accept: The media types that are understood (RFC 9110 §12.5.1).
    ///   - isolation: Left out.
    /// - Returns: The answer, whatever its status.
    /// - Throws: ``HTTPClientError`` without an answer.
    public func get(
        _ url: HTTPClientURL,
        accept: String,
        isolation: isolated (any Actor)? = #isolation
    ) async throws(HTTPClientError) -> HTTPClientResponse {
        try await send(HTTPClientRequest(url, fields: [HTTPClientField("Accept", accept)]))
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// When the task is cancelled the transfer ends, and so does the wait.
    ///
    /// - Parameters:
    ///   - request: What is asked.
    ///   - isolation: Left out. An actor's isolation must be named to reach into the closures below,
    ///     which would run on another thread without it.
    /// - Returns: The answer, whatever its status.
    /// - Throws: ``HTTPClientError`` without an answer.
    public func send(
        _ request: HTTPClientRequest,
        isolation: isolated (any Actor)? = #isolation
    ) async throws(HTTPClientError) -> HTTPClientResponse {
        loop.checkIsolated()
        callCount += 1
        let number = callCount
        let loop = loop
        // Safe: the loop's thread alone uses it, here and in what is submitted.
        nonisolated(unsafe) let client = self
        let answer = await withTaskCancellationHandler {
            _ = isolation
            return await withCheckedContinuation(isolation: isolation) { continuation in
                start(number, request, continuation)
            }
        } onCancel: {
            // Submitted work runs after the call has started its transfer, never within it.
            loop.submit { unsafe client.cancel(number) }
        }
        return try answer.get()
    }

    /// Ends every transfer and closes every connection; requests are refused from then on.
    public func close() {
        guard state == .open else { return }
        state = .closed
        loop.checkIsolated()
        let abandoned = takeRunning() + waiting
        waiting = []
        multi?.close()
        multi = nil
        for transfer in abandoned { transfer.finish(.failure(.closed)) }
    }

    private func start(
        _ number: Int,
        _ request: HTTPClientRequest,
        _ continuation: CheckedContinuation<Transfer.Answer, Never>
    ) {
        loop.checkIsolated()
        let deadline = loop.monotonicMilliseconds + UInt64(limits.totalSeconds) * 1_000
        let transfer = Transfer(number, request, deadlineMilliseconds: deadline, continuation)
        do throws(HTTPClientError.Reason) {
            guard state == .open else { throw .closed }
            try request.validateFields()
            if running.count < limits.transferCountMax {
                begin(transfer)
            } else if waiting.count < limits.waitingCountMax {
                // First come, first served: whoever is served ends within the time that all have,
                // so nobody waits longer than that.
                waiting.append(transfer)
            } else {
                throw .tooManyTransfers(waitingCountMax: limits.waitingCountMax)
            }
        } catch {
            transfer.finish(.failure(error))
        }
    }

    private func cancel(_ number: Int) {
        if let index = waiting.firstIndex(where: { $0.number == number }) {
            waiting.remove(at: index).finish(.failure(.cancelled))
        } else if let transfer = running.values.first(where: { $0.number == number }) {
            release(transfer)
            transfer.finish(.failure(.cancelled))
            beginWaiting()
        }
    }

    /// Lets libcurl carry out the exchange that is due.
    private func begin(_ transfer: Transfer) {
        do throws(HTTPClientError.Reason) {
            let exchange = try transfer.nextExchange(
                limits,
                userAgent: userAgent,
                caFile: caFile,
                nowMilliseconds: loop.monotonicMilliseconds
            )
            let easy: EasyHandle
            do throws(CurlError) {
                easy = try EasyHandle(exchange)
                try multi?.add(easy)
            } catch {
                throw .libcurl(text: Curl.text(of: error.code))
            }
            transfer.easy = easy
            running[ObjectIdentifier(easy)] = transfer
        } catch {
            transfer.finish(.failure(error))
        }
    }

    private func beginWaiting() {
        while running.count < limits.transferCountMax, !waiting.isEmpty {
            begin(waiting.removeFirst())
        }
    }

    private func didComplete(_ easy: EasyHandle, _ code: CURLcode) {
        guard let transfer = running[ObjectIdentifier(easy)] else { return }
        release(transfer)
        if code == CURLE_OK {
            switch transfer.receive(from: easy, limits) {
            case .finished(let result): transfer.finish(result)
            case .redirected: begin(transfer)
            }
        } else {
            let reason = HTTPClientError.Reason(code, of: easy, limits, caFile: caFile)
            transfer.finish(.failure(reason))
        }
        beginWaiting()
    }

    /// libcurl cannot go on: the loop could not watch a socket for it.
    private func didBreak() {
        for transfer in takeRunning() {
            transfer.finish(.failure(.libcurl(text: "the loop cannot watch its sockets")))
        }
        beginWaiting()
    }

    private func takeRunning() -> [Transfer] {
        let transfers = Array(running.values)
        for transfer in transfers { release(transfer) }
        return transfers
    }

    /// Takes a transfer's exchange from libcurl, done or not.
    private func release(_ transfer: Transfer) {
        guard let easy = transfer.easy else { return }
        transfer.easy = nil
        running[ObjectIdentifier(easy)] = nil
        multi?.remove(easy)
    }
}
