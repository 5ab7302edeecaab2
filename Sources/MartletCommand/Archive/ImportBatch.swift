import Bytes
import Crypto
import Todos

/// Lines that are imported together, each workspace in one write.
struct ImportBatch {
    /// What the lines have to say of one workspace.
    struct Part {
        let workspace: String
        var todos: [StoredTodo] = []

        /// The numbers of the to-dos' lines.
        var lineNumbers: [Int] = []
        var lastID: Int64 = 0
    }

    static let lineCountMax = TodoRestoration.todoCountMax
    static let byteCountMax = 1_048_576

    private(set) var parts: [Part] = []
    private var indexByWorkspace: [String: Int] = [:]
    private var lineCount = 0
    private var byteCount = 0

    /// Of all lines so far, those of batches before included.
    private var digest = SHA256()

    /// Takes note of a line, whatever becomes of it: where a batch ends depends on the input alone.
    mutating func count(_ line: ByteBuffer) {
        lineCount += 1
        byteCount += line.count
        digest.update(data: line.bytes)
        digest.update(data: [ASCII.lineFeed])
    }

    var isFull: Bool { lineCount >= Self.lineCountMax || byteCount >= Self.byteCountMax }

    mutating func add(_ entry: TodoArchiveEntry, lineNumber: Int) {
        switch entry {
        case .todo(let stored, let workspace):
            let index = index(of: workspace)
            parts[index].todos.append(stored)
            parts[index].lineNumbers.append(lineNumber)
        case .end(let workspace, let lastID):
            parts[index(of: workspace)].lastID = lastID
        }
    }

    /// What tells the writes of this batch from all others: the input up to its end.
    var key: String {
        var text = "import-"
        for byte in digest.finalize() {
            let digits = String(byte, radix: 16)
            text += digits.count == 1 ? "0\(digits)" : digits
        }
        return text
    }

    /// Begins the batch that follows.
    mutating func startNext() {
        parts = []
        indexByWorkspace = [:]
        lineCount = 0
        byteCount = 0
    }

    private mutating func index(of workspace: String) -> Int {
        if let index = indexByWorkspace[workspace] { return index }
        indexByWorkspace[workspace] = parts.count
        parts.append(Part(workspace: workspace))
        return parts.count - 1
    }
}
