import Foundation
import Testing

/// The vectors in `Tests/Vectors`, which other implementations may use too.
enum VectorFiles {
    static func load<Document: Decodable>(_ name: String) throws -> Document {
        let url = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Vectors/\(name)")
        return try JSONDecoder().decode(Document.self, from: Data(contentsOf: url))
    }
}
