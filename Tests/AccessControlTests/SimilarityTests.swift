import AccessControl
import Testing

@Suite("Names that somebody meant")
struct SimilarityTests {
    private let names = ["body-max", "body-seconds", "port", "delete_todo", "id"]

    @Test(
        arguments: [
            ("bodyMax", "body-max"), ("body_max", "body-max"), ("prot", "port"),
            ("deleteTodos", "delete_todo"), ("delete.tod", "delete_todo"), ("it", "id"),
        ]
    )
    func `Case and separators do not count, and two letters may be wrong`(
        written: String,
        meant: String
    ) {
        #expect(Similarity.nearest(to: written, in: names) == meant)
    }

    @Test(arguments: ["colour", "xy", "", "---", "delete_all", "bodyMaximum"])
    func `What is near to nothing is nothing that was meant`(written: String) {
        #expect(Similarity.nearest(to: written, in: names) == nil)
    }

    @Test func `Of several that are as near the first is taken`() {
        #expect(Similarity.nearest(to: "cat", in: ["bat", "hat"]) == "bat")
        #expect(Similarity.nearest(to: "hat", in: ["bat", "hat"]) == "hat")
    }

    @Test func `A name of 64 letters is compared and a longer one is not`() {
        let longest = String(repeating: "a", count: 64)
        #expect(Similarity.nearest(to: longest, in: [longest]) == longest)
        #expect(Similarity.nearest(to: longest + "a", in: [longest]) == nil)
        #expect(Similarity.nearest(to: longest, in: [longest + "a"]) == nil)
    }
}
