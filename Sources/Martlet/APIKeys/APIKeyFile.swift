internal import Libuv

/// The file that API keys are kept in.
///
/// One writer at a time, and never half a file: a change is made under a ``FileLock`` to what the
/// file says by then, and is put into place by a ``FileReplacement``.
package struct APIKeyFile: Sendable {
    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// The keys in the file.
    ///
    /// - Throws: ``AccessFileError``; among others when anybody but the owner has access to it.
    package func read() throws(AccessFileError) -> APIKeySet {
        let content: FileContent
        do throws(FileError) {
            content = try FileContent(ofFileAt: path, byteCountMax: APIKeySetReader.byteCountMax)
        } catch {
            throw AccessFileError(.apiKeys, path: path, .unreadable(error))
        }
        return try Self.compile(content, path: path)
    }

    /// Makes a key and keeps its record; the file is made if there is none.
    ///
    /// - Returns: The key, which is kept nowhere.
    /// - Throws: ``APIKeyFileError``
    /// - Precondition: Name, roles and permissions are within the bounds of ``APIKeyHolder``.
    package func create(
        for holder: APIKeyHolder,
        nowSeconds: Int64,
        expiresSeconds: Int64?
    ) throws(APIKeyFileError) -> APIKey {
        precondition(holder.isValid, "a holder that the file could not be read with")
        // The system's source of randomness, which is seeded before any process can ask.
        var generator = SystemRandomNumberGenerator()
        let key = APIKey.random(using: &generator)
        let salt = (0..<APIKeyHash.saltByteCount).map { _ in
            UInt8.random(in: .min ... .max, using: &generator)
        }
        let record = APIKeyRecord(
            id: key.id,
            holder: holder,
            hash: APIKeyHash(of: key, salt: salt),
            createdSeconds: nowSeconds,
            expiresSeconds: expiresSeconds
        )
        try update(ifAbsent: .make) { set throws(APIKeyFileError) in
            do throws(APIKeySetError) {
                try set.insert(record)
            } catch {
                throw .keys(error)
            }
        }
        return key
    }

    /// Takes the key away that goes by a name or an id.
    ///
    /// - Returns: What was kept of it.
    /// - Throws: ``APIKeyFileError``
    package func revoke(_ text: String) throws(APIKeyFileError) -> APIKeyRecord {
        var revoked: APIKeyRecord?
        try update(ifAbsent: .refuse) { set throws(APIKeyFileError) in
            guard let record = set.record(called: text) else { throw .noSuchKey }
            set.remove(record.id)
            revoked = record
        }
        guard let revoked else { preconditionFailure("an update that succeeds has run its body") }
        return revoked
    }

    /// What an update does where there is no file.
    private enum Absence {
        case make, refuse
    }

    private func update(
        ifAbsent absence: Absence,
        _ change: (inout APIKeySet) throws(APIKeyFileError) -> Void
    ) throws(APIKeyFileError) {
        let lock = try Self.writing { () throws(LibuvError) in try FileLock(for: path) }
        var set: APIKeySet
        do throws(AccessFileError) {
            set = try read()
        } catch {
            guard error.isAbsence, absence == .make else { throw .file(error) }
            set = APIKeySet()
        }
        try change(&set)
        let content = set.encode()
        try Self.writing { () throws(LibuvError) in
            try FileReplacement(of: path, with: content.span).commit()
        }
        lock.release()
    }

    private static func writing<Result: ~Copyable>(
        _ body: () throws(LibuvError) -> Result
    ) throws(APIKeyFileError) -> Result {
        do throws(LibuvError) {
            return try body()
        } catch {
            throw .unwritable(error)
        }
    }

    /// What the content of the file means.
    static func compile(
        _ content: FileContent,
        path: String
    ) throws(AccessFileError) -> APIKeySet {
        let permissions = content.state.permissions
        guard permissions & 0o077 == 0 else {
            throw AccessFileError(.apiKeys, path: path, .openToOthers(permissions: permissions))
        }
        do throws(APIKeySetError) {
            return try APIKeySetReader.read(content.bytes.span)
        } catch {
            throw AccessFileError(.apiKeys, path: path, .apiKeys(error))
        }
    }
}
