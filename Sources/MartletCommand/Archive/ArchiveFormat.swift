import Bytes
import JSON
import Todos

/// What an archive of to-dos looks like: JSON Lines, each an object.
///
///     {"format":"martlet-todos","version":1}
///     {"workspace":"default","id":1,"title":"…","completed":false,"created_by":"ada", … }
///     {"workspace":"default","last_id":1}
///     {"end":"martlet-todos","todos":1}
///
/// Workspaces are in the order of their names' bytes, and to-dos in that of their ids. The line
/// behind a workspace's to-dos has the greatest id that was ever given there, which new to-dos go
/// on after. The last line tells a whole archive from one that was cut off.
package enum ArchiveFormat {
    package static let name = "martlet-todos"
    package static let version = 1

    /// Bytes of a line, its line feed not counted: several times what a to-do can need.
    package static let lineByteCountMax = 65_536

    /// Names of members; those of a to-do are the tools'.
    enum Member: String, CaseIterable {
        case format
        case version
        case workspace
        case id
        case title
        case completed
        case createdBy = "created_by"
        case createdByIssuer = "created_by_issuer"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case lastID = "last_id"
        case end
        case todos
    }

    static func appendHeader(to buffer: inout ByteBuffer) {
        append(to: &buffer) { writer in
            writer.name(Member.format.rawValue)
            writer.string(name)
            writer.name(Member.version.rawValue)
            writer.integer(version)
        }
    }

    static func append(_ entry: TodoArchiveEntry, to buffer: inout ByteBuffer) {
        append(to: &buffer) { writer in
            writer.name(Member.workspace.rawValue)
            switch entry {
            case .end(let workspace, let lastID):
                writer.string(workspace)
                writer.name(Member.lastID.rawValue)
                writer.integer(Int(lastID))
            case .todo(let stored, let workspace):
                writer.string(workspace)
                write(stored, to: &writer)
            }
        }
    }

    static func appendEnd(todoCount: Int, to buffer: inout ByteBuffer) {
        append(to: &buffer) { writer in
            writer.name(Member.end.rawValue)
            writer.string(name)
            writer.name(Member.todos.rawValue)
            writer.integer(todoCount)
        }
    }

    private static func write(_ stored: StoredTodo, to writer: inout JSONWriter) {
        writer.name(Member.id.rawValue)
        writer.integer(Int(stored.todo.id))
        writer.name(Member.title.rawValue)
        writer.string(stored.todo.title)
        writer.name(Member.completed.rawValue)
        writer.bool(stored.todo.isCompleted)
        writer.name(Member.createdBy.rawValue)
        writer.string(stored.todo.createdBy)
        writer.name(Member.createdByIssuer.rawValue)
        writer.string(stored.issuer)
        writer.name(Member.createdAt.rawValue)
        writer.integer(Int(stored.todo.createdAt))
        writer.name(Member.updatedAt.rawValue)
        writer.integer(Int(stored.todo.updatedAt))
    }

    private static func append(
        to buffer: inout ByteBuffer,
        _ write: (inout JSONWriter) -> Void
    ) {
        var line = JSONWriter()
        line.beginObject()
        write(&line)
        line.endObject()
        buffer.append(line.finish())
        buffer.append(ASCII.lineFeed)
    }
}
