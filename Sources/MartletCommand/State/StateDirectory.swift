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

// A file with a seal key may be shared by several servers; its own is made if there is none.
extension SealKey: StoredKey {
    package static func mistake(at path: String) -> KeyFileError {
        .notASealKey(path: path, byteCount: byteCount)
    }
}
