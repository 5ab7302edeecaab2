/// The API keys that there are, as the file has them and as loops look them up.
package struct APIKeySet: Hashable, Sendable {
    package static let countMax = 10_000

    /// The issuer of every subject that an API key stands for.
    ///
    /// No issuer of tokens may have this name: its tokens could name the same subjects.
    package static let issuer = "martlet:api-key"

    /// In the order in which they were made.
    package private(set) var records: [APIKeyRecord] = []

    private var indexByID: [APIKeyID: Int] = [:]
    private var names: Set<String> = []

    package init() {}

    package subscript(id: APIKeyID) -> APIKeyRecord? {
        indexByID[id].map { records[$0] }
    }

    /// The key that goes by a name, or has it for an id.
    package func record(called text: String) -> APIKeyRecord? {
        if names.contains(text) { return records.first { $0.holder.name == text } }
        return APIKeyID(text).flatMap { self[$0] }
    }

    /// Adds a key.
    ///
    /// - Throws: ``APIKeySetError`` if there are too many, or one of this name or id.
    package mutating func insert(_ record: APIKeyRecord) throws(APIKeySetError) {
        guard records.count < Self.countMax else { throw .tooMany(countMax: Self.countMax) }
        // A name that looks like another key's id would make `revoke` a guess.
        guard self.record(called: record.holder.name) == nil else {
            throw .nameTaken(record.holder.name)
        }
        guard indexByID[record.id] == nil, !names.contains("\(record.id)") else {
            throw .idTaken(record.id.description)
        }
        indexByID[record.id] = records.count
        names.insert(record.holder.name)
        records.append(record)
    }

    /// Takes a key away.
    package mutating func remove(_ id: APIKeyID) {
        guard let index = indexByID[id] else { return }
        names.remove(records[index].holder.name)
        records.remove(at: index)
        indexByID = [:]
        for (index, record) in records.enumerated() { indexByID[record.id] = index }
    }
}
