import Testing
import Todos

@Suite("Query of the to-do list")
struct TodoQueryTests {
    @Test func `A limit of 1 to 100 is accepted, and 20 is the default`() throws {
        #expect(try TodoQuery().limit == 20)
        #expect(try TodoQuery(limit: 1).limit == 1)
        #expect(try TodoQuery(limit: 100).limit == 100)
    }

    @Test(arguments: [0, 101, -1, Int.min, Int.max])
    func `Any other limit is refused with the bounds`(limit: Int) {
        let error = #expect(throws: TodoQueryError.limitOutOfRange(limit)) {
            try TodoQuery(limit: limit)
        }
        #expect(error?.description == "The limit is \(limit); send 1 to 100.")
    }
}
