import Foundation

/// Files with results.
public enum ResultFile {
    /// - Throws: ``ResultFileError``
    public static func read(_ path: String) throws(ResultFileError) -> RunResult {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(path: path)
        }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let result: RunResult
        do {
            result = try decoder.decode(RunResult.self, from: data)
        } catch {
            throw .malformed(path: path)
        }
        guard result.format == RunResult.currentFormat else {
            throw .otherFormat(path: path, format: result.format)
        }
        return result
    }

    /// The contents of a file with a result.
    ///
    /// - Throws: `EncodingError` if a number is none, which no measured one is.
    public static func encode(_ result: RunResult) throws -> String {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(result), as: UTF8.self)
    }

    /// - Throws: ``ResultFileError``
    public static func write(_ text: String, to path: String) throws(ResultFileError) {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw .unwritable(path: path, reason: error.localizedDescription)
        }
    }
}

/// Why a result cannot be read or written.
public enum ResultFileError: Error, Hashable, Sendable {
    case unreadable(path: String)
    case malformed(path: String)
    case otherFormat(path: String, format: Int)
    case unwritable(path: String, reason: String)
}

extension ResultFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let path): "cannot read \(path)"
        case .malformed(let path): "\(path) is no result of agentload"
        case .otherFormat(let path, let format):
            "\(path) has format \(format), and this agentload reads \(RunResult.currentFormat)"
        case .unwritable(let path, let reason): "cannot write \(path): \(reason)"
        }
    }
}
