import Foundation

/// Runs `body` with a path for a socket, in a directory of its own that is removed afterwards.
func withSocketPath(_ body: (String) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory
        .appendingPathComponent("martlet-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
    defer {
        do {
            try FileManager.default.removeItem(at: directory)
        } catch {
            print("cannot remove \(directory.path): \(error)")
        }
    }
    try await body(directory.appendingPathComponent("socket").path)
}
