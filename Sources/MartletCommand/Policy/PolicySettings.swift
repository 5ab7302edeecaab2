import AccessControl
import Foundation
import Martlet

/// The policy files that are named, read.
package struct PolicySettings: Sendable {
    /// What decides; the built-in roles if no file is named.
    package let policy: PolicyFile?

    /// What is tried out beside it.
    package let shadowPolicy: PolicyFile?

    /// - Parameter settings: What is set; afterwards it knows what is wrong with the files, but for
    ///   what only ``mistakes(for:)`` can find.
    package init(_ settings: inout SettingsReader) {
        policy = Self.read(.policyFile, &settings)
        shadowPolicy = Self.read(.shadowPolicyFile, &settings)
    }

    /// What is wrong with the policies for a server that has these operations.
    package func mistakes(for operations: [OperationDeclaration]) -> [SettingMistake] {
        [policy, shadowPolicy].compactMap(\.self).flatMap { $0.mistakes(for: operations) }
            .map { .policy(.file($0)) }
    }

    /// Whether any file is named.
    package var isNamed: Bool { policy != nil || shadowPolicy != nil }

    package func apply(to configuration: inout ServerConfiguration) {
        if let policy { configuration.policy = policy.document }
        configuration.shadowPolicy = shadowPolicy?.document
    }

    private static func read(
        _ setting: Setting,
        _ settings: inout SettingsReader
    ) -> PolicyFile? {
        guard let path = settings.text(setting)?.text else { return nil }
        do throws(PolicyFileUnreadable) {
            let file = PolicyFile(
                content: try PolicyFileUnreadable.read(path, byteCountMax: PolicyFile.byteCountMax),
                path: path
            )
            for mistake in file.mistakes { settings.report(.policy(.file(mistake))) }
            return file
        } catch {
            settings.report(.policy(.unreadable(error)))
            return nil
        }
    }
}

/// Something wrong with a policy file or a table of expected decisions.
package enum PolicySettingMistake: Hashable, Sendable {
    case unreadable(PolicyFileUnreadable)
    case file(PolicyFileMistake)
    case table(PolicyTableMistake)
}

extension PolicySettingMistake: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let error): "\(error)"
        case .file(let mistake): "\(mistake)"
        case .table(let mistake): "\(mistake)"
        }
    }
}

/// A file that cannot be read at all.
package struct PolicyFileUnreadable: Error, Hashable, Sendable {
    package let path: String
    package let reason: String
}

extension PolicyFileUnreadable: CustomStringConvertible {
    package var description: String { "cannot read \(path): \(reason)" }
}

extension PolicyFileUnreadable {
    /// The bytes of a file, one more than `byteCountMax` at most.
    static func read(
        _ path: String,
        byteCountMax: Int
    ) throws(PolicyFileUnreadable) -> [UInt8] {
        do {
            let content = try Data(contentsOf: URL(fileURLWithPath: path))
            return Array(content.prefix(byteCountMax + 1))
        } catch {
            throw PolicyFileUnreadable(path: path, reason: FileTrouble(error).reason)
        }
    }
}
