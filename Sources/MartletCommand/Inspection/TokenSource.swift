import Foundation
import Libuv

/// Where a token that is to be looked at comes from.
package enum TokenSource: Hashable, Sendable {
    case text(String)
    /// `-` is standard input.
    case file(String)

    package func read() throws(TokenSourceError) -> TokenText {
        switch self {
        case .text("-"), .file("-"): TokenText(try Self.standardInput())
        case .text(let text): TokenText(text)
        case .file(let path): TokenText(try Self.content(of: path))
        }
    }

    private static func content(of path: String) throws(TokenSourceError) -> String {
        do throws(FileError) {
            let content = try FileContent(
                ofFileAt: path,
                byteCountMax: TokenText.byteCountMax
            )
            return String(decoding: content.bytes, as: UTF8.self)
        } catch {
            throw .file(error)
        }
    }

    private static func standardInput() throws(TokenSourceError) -> String {
        var bytes = Data()
        do {
            while let part = try FileHandle.standardInput.read(upToCount: 65_536), !part.isEmpty {
                bytes += part
                guard bytes.count <= TokenText.byteCountMax else { break }
            }
        } catch {
            throw .standardInput(reason: FileTrouble(error).reason)
        }
        return String(decoding: bytes.prefix(TokenText.byteCountMax), as: UTF8.self)
    }
}

/// Why there is no token to look at.
package enum TokenSourceError: Error, Hashable, Sendable {
    case file(FileError)
    case standardInput(reason: String)
}

extension TokenSourceError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .standardInput(let reason): "cannot read standard input: \(reason)"
        }
    }
}
