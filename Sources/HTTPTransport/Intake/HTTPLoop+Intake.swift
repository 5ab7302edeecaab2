internal import Libuv

// What happens to a connection before its first request.
extension HTTPLoop {
    /// Takes a new connection in, or closes it if there are too many.
    func accept(_ stream: ByteStream) {
        let peer = stream.peerAddress
        let isTrusted = intake.trustedProxies.contains(peer)
        let mustSayWhose = intake.proxyHeader == .required
        guard isTrusted || !mustSayWhose else {
            report(.untrustedProxy, from: peer)
            stream.close()
            return
        }
        // The connections of a proxy are those of others: it has no share of its own.
        let counted = isTrusted ? nil : peer
        guard stage != .draining, census.admit(counted) else {
            stream.close()
            return
        }
        guard mustSayWhose || speaksTLS(on: stream) else {
            return begin(stream, from: peer, countedAs: counted)
        }
        let arrival = Arrival(stream, from: peer, countedAs: counted, on: self)
        arrivals[ObjectIdentifier(arrival)] = arrival
        arrival.start()
    }

    /// Whether connections like this one begin with a TLS handshake: those that may have crossed a
    /// network.
    func speaksTLS(on stream: ByteStream) -> Bool {
        intake.identity != nil && !stream.isLocal
    }

    /// The arrival has become a connection, or has ended.
    func remove(_ arrival: Arrival) {
        arrivals[ObjectIdentifier(arrival)] = nil
        finishDraining()
    }

    /// Gives up those whose time is over.
    func advanceArrivals() {
        guard !arrivals.isEmpty else { return }
        for arrival in Array(arrivals.values)
        where Int32(bitPattern: arrival.deadline &- tick) <= 0 {
            arrival.didReachDeadline()
        }
    }

    /// Gives those that have just come as long as a connection that has yet to send a request.
    func hurryArrivals() {
        for arrival in arrivals.values {
            arrival.deadline = deadline(afterSeconds: limits.newcomerSeconds)
        }
    }

    func deadline(afterSeconds seconds: Int) -> UInt32 {
        tick &+ UInt32(clamping: min(seconds, 1 << 30)) &+ 1
    }

    /// Tells of one that was closed, at most once a tick.
    func report(_ reason: HTTPIntake.Trouble.Reason, from peer: PeerAddress?) {
        guard reportTick != tick else {
            unreportedCount += 1
            return
        }
        reportTick = tick
        let trouble = HTTPIntake.Trouble(
            peer: peer,
            reason: reason,
            unreportedCount: unreportedCount
        )
        unreportedCount = 0
        intake.report(trouble)
    }
}
