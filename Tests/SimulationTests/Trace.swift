import Foundation
import Synchronization

/// Everything that happened, in order: what two runs of one seed have in common to the byte.
final class Trace: Sendable {
    private let lines = Mutex<[String]>([])

    func note(_ line: String) {
        lines.withLock { $0.append(line) }
    }

    func note(_ bytes: some Collection<UInt8>, _ words: String) {
        note("\(words): \(Self.text(bytes))")
    }

    var all: [String] { lines.withLock { $0 } }

    /// The last of it, for whoever reads of a failure.
    func tail(_ count: Int) -> String {
        all.suffix(count).map { $0.count > 300 ? $0.prefix(300) + "…" : $0 }
            .joined(separator: "\n")
    }

    /// On one line.
    private static func text(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
            .replacing("\r\n", with: "␍␊").replacing("\n", with: "␊")
    }
}
