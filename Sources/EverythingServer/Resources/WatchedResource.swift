import Martlet

/// A resource that changes every 3 seconds.
///
/// What it holds follows from the time, so that all processes of one server agree.
enum WatchedResource {
    private static let uri = "test://watched-resource"
    private static let periodSeconds: Int64 = 3

    static let resource = Resource(
        .init(
            uri: uri,
            name: "watched-resource",
            title: "Watched Resource",
            description: "A text that changes every 3 seconds.",
            mimeType: "text/plain"
        ),
        permission: EverythingFeatures.permission
    ) { uri, _ in
        let number = WallClock.secondsSinceEpoch() / periodSeconds
        return [.text("Watched resource content, update \(number)", uri: uri)]
    }

    /// Announces every change until the task is cancelled.
    static func change(announcing changes: ChangeAnnouncer) async {
        while true {
            let rest = periodSeconds - WallClock.secondsSinceEpoch() % periodSeconds
            do {
                try await Task.sleep(for: .seconds(rest))
            } catch {
                return
            }
            changes.announce(.resource(uri: uri), to: .thisProcess)
        }
    }
}
