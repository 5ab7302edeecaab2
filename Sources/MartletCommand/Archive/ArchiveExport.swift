import Bytes
import Libuv
import Todos

/// Everything that a store has, on its way into an archive.
struct ArchiveExport {
    /// Bytes that are gathered before they are written.
    private static let blockByteCount = 65_536

    private let reader: TodoArchiveReader
    private let write: (borrowing Span<UInt8>) throws(LibuvError) -> Void
    private var block = ByteBuffer()
    private(set) var todoCount = 0
    private(set) var workspaceCount = 0

    /// - Parameters:
    ///   - reader: To be closed by whoever has made it.
    ///   - write: Takes the bytes of the archive, in their order.
    init(
        _ reader: TodoArchiveReader,
        to write: @escaping (borrowing Span<UInt8>) throws(LibuvError) -> Void
    ) {
        self.reader = reader
        self.write = write
    }

    /// Writes the archive, its last line included.
    ///
    /// - Parameters:
    ///   - workspace: The one that must be there; `nil` for any or none.
    ///   - didWrite: Called now and then.
    /// - Throws: ``ArchiveExportError``
    mutating func run(
        of workspace: String?,
        didWrite: (ArchiveExport) -> Void
    ) async throws(ArchiveExportError) {
        ArchiveFormat.appendHeader(to: &block)
        while true {
            let entries = try await next()
            if entries.isEmpty { break }
            for entry in entries {
                ArchiveFormat.append(entry, to: &block)
                switch entry {
                case .todo: todoCount += 1
                case .end: workspaceCount += 1
                }
                if block.count >= Self.blockByteCount { try flush() }
            }
            didWrite(self)
        }
        if let workspace, workspaceCount == 0 { throw .noSuchWorkspace(workspace) }
        ArchiveFormat.appendEnd(todoCount: todoCount, to: &block)
        try flush()
    }

    private func next() async throws(ArchiveExportError) -> [TodoArchiveEntry] {
        do throws(TodoStoreError) {
            return try await reader.next()
        } catch {
            throw .store(error)
        }
    }

    private mutating func flush() throws(ArchiveExportError) {
        do throws(LibuvError) {
            try write(block.span)
        } catch {
            throw .output(error)
        }
        block.removeAll()
    }
}

/// Why an export has no end.
enum ArchiveExportError: Error, Hashable, Sendable {
    case store(TodoStoreError)
    case output(LibuvError)
    case noSuchWorkspace(String)
}

extension ArchiveExportError: CustomStringConvertible {
    var description: String {
        switch self {
        case .store(let error): "\(error)"
        case .output(let error): "\(error)"
        case .noSuchWorkspace(let name): "the database has no workspace \(name.quoted)"
        }
    }
}
