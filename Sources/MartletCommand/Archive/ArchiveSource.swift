import Foundation
import Martlet

/// The lines of an archive, read a block at a time.
struct ArchiveSource {
    private static let blockByteCount = 262_144

    /// What is read, as messages call it.
    let name: String

    /// How many bytes there are; `nil` where that is known only at the end.
    let byteCount: Int?

    /// How many were read so far.
    private(set) var readByteCount = 0

    private let file: FileHandle
    private var splitter = LineSplitter(byteCountMax: ArchiveFormat.lineByteCountMax)
    private var block: [UInt8] = []
    private var position = 0
    private var isAtEnd = false

    static func standardInput() -> ArchiveSource {
        ArchiveSource(.standardInput, name: "standard input", byteCount: nil)
    }

    /// - Throws: ``ArchiveUnreadable``
    static func file(at path: String) throws(ArchiveUnreadable) -> ArchiveSource {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw ArchiveUnreadable(name: path, reason: "no such file, or permission denied")
        }
        let attributes: [FileAttributeKey: Any]
        do {
            attributes = try FileManager.default.attributesOfItem(atPath: path)
        } catch {
            throw ArchiveUnreadable(name: path, reason: FileTrouble(error).reason)
        }
        guard case let type as FileAttributeType = attributes[.type], type != .typeDirectory else {
            throw ArchiveUnreadable(name: path, reason: "it is a directory")
        }
        guard type == .typeRegular, case let size as NSNumber = attributes[.size] else {
            return ArchiveSource(file, name: path, byteCount: nil)
        }
        return ArchiveSource(file, name: path, byteCount: size.intValue)
    }

    private init(_ file: FileHandle, name: String, byteCount: Int?) {
        self.file = file
        self.name = name
        self.byteCount = byteCount
    }

    /// The number of the line that was read last, counted from 1.
    var lineNumber: Int { splitter.lineNumber }

    /// The next line that is not blank; `nil` at the end.
    mutating func next() throws(ArchiveUnreadable) -> LineSplitter.Piece? {
        while true {
            let block = block
            if let piece = splitter.next(block.span, at: &position) { return piece }
            guard !isAtEnd else { return nil }
            self.block = try read()
            position = 0
            readByteCount += self.block.count
            if self.block.isEmpty {
                isAtEnd = true
                return splitter.finish()
            }
        }
    }

    private func read() throws(ArchiveUnreadable) -> [UInt8] {
        do {
            return Array(try file.read(upToCount: Self.blockByteCount) ?? Data())
        } catch {
            throw ArchiveUnreadable(name: name, reason: FileTrouble(error).reason)
        }
    }
}

/// An archive that cannot be read.
struct ArchiveUnreadable: Error, Hashable, CustomStringConvertible {
    let name: String
    let reason: String

    var description: String { "cannot read \(name): \(reason)" }
}
