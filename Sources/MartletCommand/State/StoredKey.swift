import Foundation

/// A key of random bytes that stands in a file of its own, in base64.
package protocol StoredKey {
    static var byteCount: Int { get }

    /// What is wrong with a file that holds no such key.
    static func mistake(at path: String) -> KeyFileError

    /// - Returns: `nil` unless there are ``byteCount`` bytes.
    init?(_ bytes: [UInt8])
}

extension StoredKey {
    /// - Throws: ``KeyFileError``
    package static func reading(_ file: KeyFile) throws(KeyFileError) -> Self {
        try decoding(file.read(), of: file)
    }

    /// The key in a file, which is made if there is none.
    ///
    /// - Throws: ``KeyFileError``
    package static func readingOrMaking(_ file: KeyFile) throws(KeyFileError) -> Self {
        try decoding(file.readOrMake(byteCount: byteCount), of: file)
    }

    private static func decoding(_ text: String, of file: KeyFile) throws(KeyFileError) -> Self {
        guard let bytes = Data(base64Encoded: text), let key = Self(Array(bytes)) else {
            throw mistake(at: file.path)
        }
        return key
    }
}
