import JWT
import Libuv

/// A file of private keys (``SigningKeySet``).
package struct SigningKeyFile: Sendable {
    package let file: KeyFile

    package init(_ file: KeyFile) {
        self.file = file
    }

    package func read() throws(SigningKeyFileError) -> SigningKeySet {
        let text = try whole { () throws(KeyFileError) in try file.readText() }
        return try valid { () throws(SigningKeySetError) in try SigningKeySet(parsing: text) }
    }

    /// Makes the file; one that is there stays as it is.
    package func create(_ keys: SigningKeySet) throws(SigningKeyFileError) {
        try whole { () throws(KeyFileError) in try file.create(with: keys.text) }
    }

    /// Replaces the keys that sign.
    ///
    /// - Parameters:
    ///   - overlapSeconds: How long the keys before verify.
    ///   - now: When it happens.
    ///   - makeKeys: Makes the new keys, given those that sign now.
    /// - Returns: What was done.
    /// - Throws: ``SigningKeyFileError``; the file is then as it was.
    package func rotate(
        overlapSeconds: Int64,
        now: NumericDate,
        _ makeKeys: ([SigningKeySet.Entry]) throws(KeyError) -> [SigningKey]
    ) throws(SigningKeyFileError) -> SigningKeySet.Rotation {
        let lock = try whole { () throws(KeyFileError) in try file.lock() }
        let rotation = try rotateLocked(overlapSeconds: overlapSeconds, now: now, makeKeys)
        // Held until the new content is in its place: two rotations at once would lose a key.
        _ = consume lock
        return rotation
    }

    private func rotateLocked(
        overlapSeconds: Int64,
        now: NumericDate,
        _ makeKeys: ([SigningKeySet.Entry]) throws(KeyError) -> [SigningKey]
    ) throws(SigningKeyFileError) -> SigningKeySet.Rotation {
        var keys = try read()
        let new: [SigningKey]
        do throws(KeyError) {
            new = try makeKeys(keys.signing)
        } catch {
            throw .key(error)
        }
        let rotation = try valid { () throws(SigningKeySetError) in
            try keys.rotate(to: new, overlapSeconds: overlapSeconds, now: now)
        }
        try whole { () throws(KeyFileError) in try file.replace(with: keys.text) }
        return rotation
    }

    private func whole<Result: ~Copyable>(
        _ body: () throws(KeyFileError) -> Result
    ) throws(SigningKeyFileError) -> Result {
        do throws(KeyFileError) {
            return try body()
        } catch {
            throw .file(error)
        }
    }

    private func valid<Result>(
        _ body: () throws(SigningKeySetError) -> Result
    ) throws(SigningKeyFileError) -> Result {
        do throws(SigningKeySetError) {
            return try body()
        } catch {
            throw .keys(path: file.path, error)
        }
    }
}

/// Why a file of private keys cannot be used.
package enum SigningKeyFileError: Error, Hashable, Sendable {
    case file(KeyFileError)
    case keys(path: String, SigningKeySetError)
    case key(KeyError)
}

extension SigningKeyFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .keys(let path, let error): "cannot use the keys in \(path): \(error)"
        case .key(let error): "\(error)"
        }
    }
}
