import JWT
import Martlet

/// Reads the keys of the issuers of the configuration file, before anything is served.
struct IssuerKeys {
    /// What an operator should know although it keeps nobody from serving.
    private(set) var warnings: [String] = []

    private(set) var mistakes: [SettingMistake] = []

    private let path: String

    /// - Parameter path: The configuration file, as messages call it.
    init(path: String) {
        self.path = path
    }

    /// Where the issuer's keys come from; those in files are read.
    ///
    /// - Returns: `nil` if there are none because of a mistake.
    mutating func source(for entry: IssuerEntry) -> KeySource? {
        switch entry.keys {
        case nil: return nil
        case .discovery: return .discovery
        case .keySetURL(let url): return .keySetURL(url)
        case .secretFile(let path):
            return secret(in: KeyFile(path: path), of: entry).map { .keys([$0]) }
        case .files(let files):
            var keys: [KeyMaterial] = []
            for (index, file) in files.enumerated() where !file.path.isEmpty {
                let place = "\(entry.place).\(IssuerMember.keyFiles.rawValue)[\(index)]"
                keys += read(file, of: entry, at: place)
            }
            checkAlgorithms(of: entry, keys)
            return keys.isEmpty ? nil : .keys(keys)
        }
    }

    private mutating func secret(in file: KeyFile, of entry: IssuerEntry) -> KeyMaterial? {
        let place = "\(entry.place).\(IssuerMember.secretFile.rawValue)"
        let algorithm = HMACKey.Algorithm.allCases.first {
            $0.signatureAlgorithm == entry.algorithms.first
        }
        let secret: String
        do throws(KeyFileError) {
            secret = try file.read()
        } catch {
            report(.secretFile(error), at: place)
            return nil
        }
        do throws(KeyError) {
            return try KeyMaterial.secret(Array(secret.utf8), algorithm ?? .hs256)
        } catch {
            report(.secretTooShort(error), at: place)
            return nil
        }
    }

    private mutating func read(
        _ file: IssuerEntry.KeyFileEntry,
        of entry: IssuerEntry,
        at place: String
    ) -> [KeyMaterial] {
        do throws(KeyDocumentError) {
            let document = try KeyDocument(file, algorithms: entry.algorithms)
            warnings += document.skipped.map { "\(place): \(file.path): not used: \($0)" }
            return document.keys
        } catch {
            report(.keyFile(error), at: place)
            return []
        }
    }

    /// An algorithm for which there is no key was probably meant to have one.
    private mutating func checkAlgorithms(of entry: IssuerEntry, _ keys: [KeyMaterial]) {
        guard !keys.isEmpty else { return }
        for algorithm in entry.algorithms
        where !keys.contains(where: { $0.algorithm.keyKind == algorithm.keyKind }) {
            report(
                .algorithmOfOtherKeys(algorithm),
                at: "\(entry.place).\(IssuerMember.algorithms.rawValue)"
            )
        }
    }

    private mutating func report(_ reason: SectionMistake.Reason, at place: String) {
        mistakes.append(.section(SectionMistake(path: path, place: place, reason)))
    }
}

extension IssuerEntry {
    /// The issuer as `Martlet` is told.
    ///
    /// - Returns: `nil` if something that cannot be left out is mistaken.
    func configuration(keys: KeySource?) -> IssuerConfiguration? {
        guard let keys, let workspace else { return nil }
        var configuration = IssuerConfiguration(
            issuer,
            audiences: audiences,
            keys: keys,
            workspace: workspace
        )
        configuration.algorithms = algorithms
        configuration.profile = profile
        if let rolesClaims { configuration.roleClaimPaths = rolesClaims }
        configuration.requiresRoles = rolesRequired
        configuration.roleNames = roleNames
        if let scopeClaims { configuration.scopeClaimPaths = scopeClaims }
        configuration.scopeNames = scopeNames
        if let permissionsClaim { configuration.permissionsClaimPath = permissionsClaim }
        return configuration
    }
}
