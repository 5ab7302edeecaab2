import Testing
import Todos

@Suite("The generations of a to-do store's workspaces")
struct TodoStoreGenerationTests {
    /// Every kind of write, as it is about the to-dos 1 to 4.
    private static func writes() throws -> [TodoWrite] {
        [
            .add(title: try TodoTitle("a")),
            .addAll(titles: [try TodoTitle("b"), try TodoTitle("c"), try TodoTitle("d")]),
            .complete(id: 1), .updateTitle(id: 2, title: try TodoTitle("e")), .delete(id: 3),
            .deleteCompleted(TodoClearing(.none)),
        ]
    }

    @Test(arguments: StoreKind.all)
    func `Every acknowledged write is of a new generation`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            guard var last = store.generation(ofWorkspace: "home") else {
                // A store that others write to vouches for nothing.
                return
            }
            for write in try Self.writes() {
                _ = try await store.apply(write)
                let next = try #require(store.generation(ofWorkspace: "home"))
                #expect(next != last, "\(write)")
                last = next
            }
            _ = try await store.page(TodoQuery(), in: "home")
            #expect(store.generation(ofWorkspace: "home") == last)
        }
    }

    @Test func `Stores of one process vouch for what they hold`() async throws {
        try await StoreKind.memory.withStore { #expect($0.generation(ofWorkspace: "x") != nil) }
        try await StoreKind.sqlite.withStore { #expect($0.generation(ofWorkspace: "x") != nil) }
    }
}
