import JSON
import JWT

/// The members of one issuer that say where its keys come from, of which it has one.
struct KeySources {
    private var named: [IssuerMember] = []
    private var secretFile: String?
    private var files: [IssuerEntry.KeyFileEntry] = []
    private var keySetURL: String?
    private var isDiscovered: Bool?

    mutating func read(
        _ member: IssuerMember,
        at place: String,
        _ section: inout SectionReader,
        _ reader: inout JSONReader
    ) throws(JSONError) {
        switch member {
        case .secretFile: secretFile = try section.text(at: place, &reader)
        case .keyFiles: files = try Self.files(at: place, &section, &reader)
        case .keySetURL:
            keySetURL = try section.text(at: place, &reader)
            if let text = keySetURL, !WebText.isFetchable(text) {
                section.report(.malformedURL(text: text), at: place)
            }
        case .discovery:
            isDiscovered = try section.toggle(at: place, &reader)
            // The same as leaving it out, which somebody may want to spell out.
            if isDiscovered == false { return }
        default: preconditionFailure("\(member.rawValue) is no source of keys")
        }
        named.append(member)
    }

    /// The one source; discovery where none is named and the issuer can be asked.
    ///
    /// - Returns: `nil` if that is mistaken.
    func chosen(for entry: IssuerEntry, _ section: inout SectionReader) -> IssuerEntry.Keys? {
        guard named.count < 2 else {
            let names = named.map(\.rawValue)
            section.report(.severalKeySources(names: names), at: entry.place)
            return nil
        }
        let source = source(for: entry, &section)
        switch source {
        case .discovery, .keySetURL:
            for algorithm in entry.algorithms where algorithm.isSymmetric {
                section.report(
                    .secretAlgorithmOfPublishedKeys(algorithm),
                    at: "\(entry.place).algorithms"
                )
            }
        case .secretFile, .files, nil: break
        }
        return source
    }

    private func source(
        for entry: IssuerEntry,
        _ section: inout SectionReader
    ) -> IssuerEntry.Keys? {
        switch named.first {
        case .secretFile:
            if entry.algorithms.count > 1 || !entry.algorithms.allSatisfy(\.isSymmetric) {
                section.report(.severalAlgorithmsForSecret, at: "\(entry.place).algorithms")
            }
            return secretFile.map { .secretFile(path: $0) }
        case .keyFiles: return files.isEmpty ? nil : .files(files)
        case .keySetURL: return keySetURL.map { .keySetURL($0) }
        case .discovery:
            if !entry.issuer.isEmpty, !WebText.isFetchable(entry.issuer) {
                section.report(
                    .discoveryWithoutURL(issuer: entry.issuer),
                    at: "\(entry.place).discovery"
                )
            }
            return .discovery
        default:
            guard isDiscovered == nil, entry.issuer.isEmpty || WebText.isFetchable(entry.issuer)
            else {
                section.report(.noKeys, at: entry.place)
                return nil
            }
            return .discovery
        }
    }

    /// File names, or objects with one.
    private static func files(
        at place: String,
        _ section: inout SectionReader,
        _ reader: inout JSONReader
    ) throws(JSONError) -> [IssuerEntry.KeyFileEntry] {
        let found = try reader.peek()
        if found == .string {
            let path = try section.text(at: place, &reader)
            return path.map { [IssuerEntry.KeyFileEntry(path: $0)] } ?? []
        }
        guard try section.begins(.array, as: .keyFiles, at: place, &reader) else { return [] }
        var files: [IssuerEntry.KeyFileEntry] = []
        var index = 0
        try reader.beginArray()
        while try reader.nextElement() {
            files.append(try file(at: "\(place)[\(index)]", &section, &reader))
            index += 1
        }
        if index == 0 { section.report(.empty, at: place) }
        return files
    }

    private static func file(
        at place: String,
        _ section: inout SectionReader,
        _ reader: inout JSONReader
    ) throws(JSONError) -> IssuerEntry.KeyFileEntry {
        var file = IssuerEntry.KeyFileEntry()
        let found = try reader.peek()
        if found == .string {
            file.path = try section.text(at: place, &reader) ?? ""
            return file
        }
        guard try section.begins(.object, as: .keyFiles, at: place, &reader) else { return file }
        var names = MemberNames()
        var hasPath = false
        try reader.beginObject()
        while let member: KeyFileMember = try section.nextMember(&names, at: place, &reader) {
            let place = "\(place).\(member.rawValue)"
            switch member {
            case .path:
                hasPath = true
                file.path = try section.text(at: place, &reader) ?? ""
            case .algorithm:
                file.algorithm = try section.text(at: place, &reader)
                    .flatMap { section.algorithm($0, at: place) }
            case .kid: file.keyID = try section.text(at: place, &reader)
            }
        }
        if !hasPath { section.report(.missing(.text), at: "\(place).path") }
        return file
    }
}
