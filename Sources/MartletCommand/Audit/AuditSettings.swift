import Foundation
import Martlet

/// Where decisions are recorded, as the settings say.
package struct AuditSettings: Sendable {
    package let path: String

    /// The key that was named; without one the server keeps a key of its own.
    package let key: AuditKey?

    package let isRequired: Bool
    package let waitingCountMax: Int

    /// - Returns: `nil` if nothing is recorded.
    package init?(_ settings: inout SettingsReader) {
        let path = settings.text(.auditLog)?.text
        isRequired = settings.toggle(.auditRequired)
        waitingCountMax = settings.number(.auditQueueMax)
        if let keyPath = settings.text(.auditKeyFile)?.text {
            do throws(KeyFileError) {
                key = try AuditKey.reading(KeyFile(path: keyPath))
            } catch {
                settings.report(.secret(.file(error)))
                key = nil
            }
        } else {
            key = nil
        }
        guard let path else {
            // Whoever wants no request served unrecorded must not get a server that records none.
            if isRequired { settings.report(.value(.needed(.auditLog, by: .auditRequired))) }
            return nil
        }
        self.path = path
    }

    /// What `Martlet` is told.
    ///
    /// - Throws: ``KeyFileError`` if there is no key and none can be made.
    package func configuration(
        _ state: StateDirectory
    ) throws(KeyFileError) -> AuditConfiguration {
        let signing: AuditKey
        if let key { signing = key } else { signing = try .readingOrMaking(state.auditKeyFile) }
        var configuration = AuditConfiguration(path: path, key: signing)
        configuration.loss = isRequired ? .isRefused : .isRecorded
        configuration.waitingCountMax = waitingCountMax
        return configuration
    }
}

extension AuditKey: StoredKey {
    package static func mistake(at path: String) -> KeyFileError {
        .notAnAuditKey(path: path, byteCount: byteCount)
    }
}
