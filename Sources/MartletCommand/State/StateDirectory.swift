import Foundation
import Martlet

/// The directory in which a server keeps what it makes for itself.
package struct StateDirectory: Hashable, Sendable {
    package static let pathDefault = ".martlet"

    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// What the development issuer signs with.
    package var tokenKeyFile: KeyFile { KeyFile(path: "\(path)/jwt.key") }

    /// What session ids are sealed with, unless another file is named.
    package var sealKeyFile: KeyFile { KeyFile(path: "\(path)/seal.key") }

    /// What `martlet keys` keeps: private keys that tokens are signed with.
    package var signingKeyFile: KeyFile { KeyFile(path: "\(path)/signing-keys.json") }

    /// What the audit log is signed with, unless another file is named.
    package var auditKeyFile: KeyFile { KeyFile(path: "\(path)/audit.key") }

    package var databasePath: String { "\(path)/todos.db" }

    /// Makes the directory, for its owner only; one that is there stays as it is.
    package func make() throws(KeyFileError) {
        do {
            try PrivateFiles.create {
                try FileManager.default.createDirectory(
                    atPath: path,
                    withIntermediateDirectories: true
                )
            }
        } catch {
            throw .unwritable(path: path, reason: FileTrouble(error).reason)
        }
    }
}

extension SealKey {
    /// The key in a file that several servers may share.
    package static func reading(_ file: KeyFile) throws(KeyFileError) -> SealKey {
        try decoding(file.read(), of: file)
    }

    /// The key in a file of this server's own, which is made if there is none.
    package static func readingOrMaking(_ file: KeyFile) throws(KeyFileError) -> SealKey {
        try decoding(file.readOrMake(byteCount: byteCount), of: file)
    }

    private static func decoding(
        _ text: String,
        of file: KeyFile
    ) throws(KeyFileError) -> SealKey {
        guard let bytes = Data(base64Encoded: text), let key = SealKey(Array(bytes)) else {
            throw .notASealKey(path: file.path, byteCount: byteCount)
        }
        return key
    }
}
