/// Whether calls of a tool may go on as tasks (MCP extension `io.modelcontextprotocol/tasks`).
///
/// The names are those of 2025-11-25 (`execution.taskSupport`), which put them on the wire; in the
/// extension the server decides for each call and says nothing beforehand.
public enum TaskSupport: String, Hashable, Sendable {
    /// Every call is answered with its result, within the limit on calls.
    case forbidden

    /// A client that speaks the extension is answered with a task; any other waits for the result,
    /// within the limit on calls.
    case optional

    /// A call takes longer than anybody waits: clients that do not speak the extension are refused.
    case required
}
