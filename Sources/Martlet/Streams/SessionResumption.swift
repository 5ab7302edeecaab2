internal import Libuv
internal import MCP

/// Finds what is left of a session's stream that broke off, wherever it is, for the stream with which its client
/// goes on (MCP 2025-11-25, *Transports*, "Resumability and Redelivery").
///
/// That stream takes note of what changes while others are asked for the rest, which is told first; so
/// what changes just then may be told twice, and never not at all.
///
/// Not `Sendable`: belongs to the loop of the stream that goes on.
final class SessionResumption {
    private let session: SessionID
    private let held: HeldStream
    private let endpoint: Endpoint

    init(of session: SessionID, with held: HeldStream, on endpoint: Endpoint) {
        self.session = session
        self.held = held
        self.endpoint = endpoint
    }

    /// Goes on after the last event that the client has seen.
    func goOn(after event: EventID) {
        let relay = endpoint.shared.relay
        if event.process == endpoint.shared.processNumber {
            guard let origin = relay.archive(event.loopIndex) else { return take(.missing) }
            ask(origin, for: event)
        } else if relay.hasOthers {
            askProcess(over: relay, for: event)
        } else {
            take(.missing)
        }
    }

    private func ask(_ origin: LoopBound<StreamArchive>, for event: EventID) {
        let search = LoopBound(self, on: endpoint.loop)
        let (session, successor) = (session, held.id)
        origin.runLater { archive in
            archive.handOver(event, of: session, to: successor) { remains in
                // Never within the turn that resolved it: streams may wait in a long row.
                search.runLater { $0.take(remains) }
            }
        }
    }

    private func askProcess(over relay: SessionRelay, for event: EventID) {
        var rest = StreamRest()
        let stream = RemoteStream { [self] part in
            switch part {
            case .found: break
            case .message(_, let message): rest.messages.append(message)
            case .change(let change): rest.changes.append(change)
            case .moved(let event): take(.moved(event))
            // What has come before a process fell silent is told.
            case .end, .missing: take(.rest(rest))
            }
        }
        let ticket = endpoint.sessions.read(stream, of: session)
        let wish = SessionEvent.resumed(session, event, ticket: ticket, successor: held.id).notice
        endpoint.loop.startTask(with: relay) { await $0.forward(wish) }
    }

    private func take(_ remains: StreamRemains) {
        switch remains {
        case .rest(let rest): held.goOn(with: rest)
        case .moved(let event): goOn(after: event)
        case .missing: held.goOn(with: StreamRest())
        }
    }
}
