import Foundation

/// A file with one line of text that is a key.
package struct KeyFile: Sendable {
    /// Longer than any key that makes sense.
    private static let byteCountMax = 65_536

    package let path: String

    package init(path: String) {
        self.path = path
    }

    package var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// The line, without the white space after it.
    ///
    /// - Throws: ``KeyFileError``; among others when anybody but the owner has any access to it.
    package func read() throws(KeyFileError) -> String {
        let content: Data
        let permissions: Any?
        do {
            // Links count for what they lead to: secrets are often mounted as links.
            let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            let attributes = try FileManager.default.attributesOfItem(atPath: target)
            permissions = attributes[.posixPermissions]
            content = try Data(contentsOf: URL(fileURLWithPath: target))
        } catch {
            throw .unreadable(path: path, reason: FileTrouble(error).reason)
        }
        guard case let mode as NSNumber = permissions else {
            throw .unreadable(path: path, reason: "nobody knows its permissions")
        }
        guard mode.intValue & 0o077 == 0 else {
            throw .readableByOthers(path: path, mode: mode.intValue)
        }
        guard content.count <= Self.byteCountMax,
            let text = String(validating: content, as: UTF8.self)
        else { throw .malformed(path: path) }
        let line = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !line.isEmpty, !line.contains(where: \.isNewline) else {
            throw .malformed(path: path)
        }
        return line
    }

    /// The key in the file, which is made if there is none.
    ///
    /// A new key is random bytes in base64.
    ///
    /// - Parameter byteCount: How many random bytes a new key has.
    /// - Returns: The line in the file.
    /// - Throws: ``KeyFileError``
    package func readOrMake(byteCount: Int) throws(KeyFileError) -> String {
        if exists { return try read() }
        // The system's source of randomness, which is seeded before any process can ask.
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let line = Data(bytes).base64EncodedString()
        do {
            try PrivateFiles.create {
                try Data("\(line)\n".utf8).write(
                    to: URL(fileURLWithPath: path),
                    options: .withoutOverwriting
                )
            }
        } catch {
            throw .unwritable(path: path, reason: FileTrouble(error).reason)
        }
        return line
    }
}
