import Foundation
import Libuv

/// A file that holds a key: one line of text, or keys as JSON or PEM.
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
        let line = try readText().trimmingCharacters(in: .whitespacesAndNewlines)
        guard !line.isEmpty, !line.contains(where: \.isNewline) else {
            throw .malformed(path: path)
        }
        return line
    }

    /// All of the text, for files that hold more than a line: keys in JSON or PEM.
    ///
    /// - Throws: ``KeyFileError``; among others when anybody but the owner has any access to it.
    package func readText() throws(KeyFileError) -> String {
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
        return text
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
        return try make(byteCount: byteCount)
    }

    /// A new key of random bytes in base64, in a new file.
    @discardableResult
    package func make(byteCount: Int) throws(KeyFileError) -> String {
        // The system's source of randomness, which is seeded before any process can ask.
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let line = Data(bytes).base64EncodedString()
        try create(with: "\(line)\n")
        return line
    }

    /// Makes the file, for its owner only, and has it on the disk.
    ///
    /// - Throws: ``KeyFileError/exists(path:)`` if there is one: a key that was overwritten is lost.
    package func create(with text: String) throws(KeyFileError) {
        do {
            try PrivateFiles.create {
                try Data(text.utf8).write(
                    to: URL(fileURLWithPath: path),
                    options: .withoutOverwriting
                )
            }
        } catch {
            if exists { throw .exists(path: path) }
            throw .unwritable(path: path, reason: FileTrouble(error).reason)
        }
    }

    /// Replaces the content in one step: whoever reads the file meanwhile finds the old content or
    /// the new, whole, and so does whoever reads it after a power cut.
    package func replace(with text: String) throws(KeyFileError) {
        do throws(LibuvError) {
            try FileReplacement(of: path, with: text.utf8.span).commit()
        } catch {
            throw .unwritable(path: path, reason: "\(error)")
        }
    }

    /// The right to change the file, which one process has at a time.
    package func lock() throws(KeyFileError) -> FileLock {
        do throws(LibuvError) {
            return try FileLock(for: path)
        } catch {
            throw .unwritable(path: path, reason: "\(error)")
        }
    }
}
