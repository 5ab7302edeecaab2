import Martlet
import TestSupport

/// Runs two servers that share a seal key and a store of sessions, as two processes do.
func withSharingServers(
    _ body: (_ one: StreamTalk, _ other: StreamTalk, SessionHub) async throws -> Void
) async throws {
    let hub = SessionHub()
    let sealKey = SealKey.random()
    func configure(_ configuration: inout ServerConfiguration) {
        configuration.sealKey = sealKey
        configuration.sessionStore = hub
    }
    try await withServer(loopCount: 2, features: .talking, configure) { one in
        try await withServer(loopCount: 2, features: .talking, configure) { other in
            let token = try token()
            try await body(StreamTalk(one, token), StreamTalk(other, token), hub)
        }
    }
}
