/// A condition that did not come true.
public struct NeverHappened: Error {}

/// Looks again and again until `condition` holds.
///
/// For what no callback announces, such as the end of a connection on the server's side. The time
/// limit is a safety net.
public func eventually(_ condition: () async -> Bool) async throws {
    let end = ContinuousClock.now.advanced(by: .seconds(30))
    while await !condition() {
        guard ContinuousClock.now < end else { throw NeverHappened() }
        await Task.yield()
    }
}
