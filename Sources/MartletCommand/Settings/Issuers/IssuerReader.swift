import JSON
import JWT

/// Reads `issuers` of the configuration file: whose tokens are believed besides those that the
/// tutorial's environment names configure.
struct IssuerReader {
    /// Issuers are told apart one by one, for every token that was not seen before.
    static let countMax = 64

    static let place = "issuers"

    private(set) var entries: [IssuerEntry] = []
    private var section: SectionReader

    /// - Parameter path: The configuration file, as messages call it.
    init(path: String) {
        section = SectionReader(path: path)
    }

    var mistakes: [SettingMistake] { section.mistakes }

    mutating func read(_ reader: inout JSONReader) throws(JSONError) {
        guard try section.begins(.array, as: .issuers, at: Self.place, &reader) else { return }
        var index = 0
        try reader.beginArray()
        while try reader.nextElement() {
            let place = "\(Self.place)[\(index)]"
            index += 1
            guard try section.begins(.object, as: .object, at: place, &reader) else { continue }
            let entry = try entry(at: place, &reader)
            if entries.count < Self.countMax { entries.append(entry) }
        }
        if index == 0 { section.report(.empty, at: Self.place) }
        if index > Self.countMax {
            section.report(.tooMany(countMax: Self.countMax), at: Self.place)
        }
        checkNames()
    }

    private mutating func entry(
        at place: String,
        _ reader: inout JSONReader
    ) throws(JSONError) -> IssuerEntry {
        var entry = IssuerEntry(place: place)
        var keys = KeySources()
        var seen = Set<IssuerMember>()
        var names = MemberNames()
        try reader.beginObject()
        while let member: IssuerMember = try section.nextMember(&names, at: place, &reader) {
            seen.insert(member)
            let place = "\(place).\(member.rawValue)"
            if IssuerMember.keySources.contains(member) {
                try keys.read(member, at: place, &section, &reader)
            } else {
                try read(member, of: &entry, at: place, &reader)
            }
        }
        if !seen.contains(.issuer) { section.report(.missing(.text), at: "\(place).issuer") }
        if !seen.contains(.workspace) {
            section.report(.missing(.object), at: "\(place).workspace")
        }
        entry.keys = keys.chosen(for: entry, &section)
        return entry
    }

    private mutating func read(
        _ member: IssuerMember,
        of entry: inout IssuerEntry,
        at place: String,
        _ reader: inout JSONReader
    ) throws(JSONError) {
        switch member {
        case .issuer: entry.issuer = try section.text(at: place, &reader) ?? ""
        case .audiences: entry.audiences = try section.texts(at: place, &reader)
        case .algorithms: entry.algorithms = try algorithms(at: place, &reader)
        case .profile:
            let profile = try section.choice(
                [
                    "required": AccessTokenProfile.required, "preferred": .preferred,
                    "ignored": .ignored,
                ],
                at: place,
                &reader
            )
            if let profile { entry.profile = profile }
        case .rolesClaims: entry.rolesClaims = try section.claims(at: place, &reader)
        case .rolesRequired: entry.rolesRequired = try section.toggle(at: place, &reader) ?? false
        case .roleNames: entry.roleNames = try section.names(at: place, &reader)
        case .scopeClaims: entry.scopeClaims = try section.claims(at: place, &reader)
        case .scopeNames: entry.scopeNames = try section.names(at: place, &reader)
        case .permissionsClaim: entry.permissionsClaim = try section.claim(at: place, &reader)
        case .workspace: entry.workspace = try section.workspaceRule(at: place, &reader)
        case .secretFile, .keyFiles, .keySetURL, .discovery:
            preconditionFailure("\(member.rawValue) is read with the other sources of keys")
        }
    }

    private mutating func algorithms(
        at place: String,
        _ reader: inout JSONReader
    ) throws(JSONError) -> [SignatureAlgorithm] {
        var algorithms: [SignatureAlgorithm] = []
        for name in try section.texts(at: place, &reader) {
            guard let algorithm = section.algorithm(name, at: place) else { continue }
            if !algorithms.contains(algorithm) { algorithms.append(algorithm) }
        }
        return algorithms
    }

    /// An issuer that is there twice would be believed by the keys and rules of one of them.
    private mutating func checkNames() {
        for (index, entry) in entries.enumerated() where !entry.issuer.isEmpty {
            guard let first = entries[..<index].first(where: { $0.issuer == entry.issuer }) else {
                continue
            }
            section.report(
                .duplicateIssuer(issuer: entry.issuer, first: first.place),
                at: entry.place
            )
        }
    }
}

extension SectionReader {
    /// The algorithm of this name; another is a mistake.
    mutating func algorithm(_ name: String, at place: String) -> SignatureAlgorithm? {
        if let algorithm = SignatureAlgorithm(name: name) { return algorithm }
        let choices = SignatureAlgorithm.allCases.map(\.rawValue)
        report(.notAChoice(text: name, choices: choices), at: place)
        return nil
    }
}
