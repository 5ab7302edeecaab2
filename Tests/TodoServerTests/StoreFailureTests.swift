import ProtocolTestSupport
import Testing
import Todos

@Suite("A store that fails")
struct StoreFailureTests {
    @Test func `A store that is busy asks the model to try again and says nothing of why`()
        async throws
    {
        let server = try TodoServerFixture(
            store: FailingStore(error: .unavailable(reason: "/secret/path is locked"))
        )
        let ada = try server.agent()
        for (tool, arguments) in [("add_todo", #"{"title":"x"}"#), ("list_todos", "{}")] {
            let complaint = try await ada.complaint(tool, arguments)
            #expect(complaint.contains("again"))
            #expect(!complaint.contains("secret"))
        }
    }

    @Test func `A store that is broken is our fault and no tool's result`() async throws {
        let server = try TodoServerFixture(
            store: FailingStore(error: .failed(reason: "/secret/path is damaged"))
        )
        let outcome = try await server.agent().outcome(of: "list_todos")
        guard case .answered(let json) = outcome else {
            Issue.record("\(outcome) is no answer")
            return
        }
        #expect(json["error"]?["code"]?.integer == -32_603)
        #expect(json["error"]?["message"]?.string == "Internal error")
        #expect(json["error"]?.names == ["code", "message"])
    }
}

/// Refuses everything with the same error.
private struct FailingStore: TodoStore {
    let error: TodoStoreError

    func apply(_ request: TodoWriteRequest) async throws(TodoStoreError) -> TodoWriteResult {
        throw error
    }

    func page(
        _ query: TodoQuery,
        in workspace: String
    ) async throws(TodoStoreError) -> TodoPage {
        throw error
    }

    func todo(_ id: Int64, in workspace: String) async throws(TodoStoreError) -> Todo? {
        throw error
    }
}
