import Foundation

/// Lines of archives, for tests.
enum ArchiveLines {
    static let header = #"{"format":"martlet-todos","version":1}"#

    static func todo(
        _ id: Int,
        _ title: String? = nil,
        in workspace: String = "default",
        completed: Bool = false
    ) -> String {
        """
        {"workspace":"\(workspace)","id":\(id),"title":"\(title ?? "to-do \(id)")",\
        "completed":\(completed),"created_by":"ada","created_by_issuer":"https://a",\
        "created_at":10,"updated_at":20}
        """
    }

    static func end(of workspace: String = "default", lastID: Int) -> String {
        #"{"workspace":"\#(workspace)","last_id":\#(lastID)}"#
    }

    static func end(todos count: Int) -> String {
        #"{"end":"martlet-todos","todos":\#(count)}"#
    }

    /// An archive of one workspace with to-dos from 1 on.
    static func archive(todoCount: Int) -> String {
        text(
            [header] + (0..<todoCount).map { todo($0 + 1) } + [
                end(lastID: todoCount), end(todos: todoCount),
            ]
        )
    }

    static func text(_ lines: [String]) -> String {
        lines.map { $0 + "\n" }.joined()
    }
}
