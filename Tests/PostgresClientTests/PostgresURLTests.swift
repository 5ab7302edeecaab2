import PostgresClient
import Testing

@Suite("The URL of a PostgreSQL database")
struct PostgresURLTests {
    @Test func `A URL is shown without what lets anybody in`() throws {
        let url = try PostgresURL("postgresql://ada:hunter2@db.example:5433/todos?sslmode=require")
        #expect("\(url)" == "PostgreSQL database todos at db.example, port 5433")
        #expect(url.hasPassword)
        #expect(try !PostgresURL("postgres://ada@db.example/todos").hasPassword)
    }

    @Test(arguments: [
        "", "postgres", "http://ada:hunter2@x/y", "postgres://ada:hunter2@[::1/x",
        "postgres://ada:hunter2@x/y?nonsense=1", "postgres://ada:hunter2@x/y?sslmode",
        "postgres://ada:hunter2@x:1\u{0}/y", "host=x password=hunter2",
        "postgres://ada:hunter2@x:0/y", "postgres://ada:hunter2@x:65536/y",
        "postgres://ada:hunter2@x:1,z:port/y",
    ])
    func `What is none is refused in words that do not repeat it`(text: String) {
        let error = #expect(throws: PostgresURLError.self) { try PostgresURL(text) }
        #expect(error == .malformed)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func `A service file is not read for hosts`() {
        #expect(throws: PostgresURLError.namesService) {
            try PostgresURL("postgres:///todos?service=x")
        }
    }

    @Test func `Values of arrays are quoted, and NULL is not`() {
        let texts: [String?] = ["a", "b\"\\c", nil, "NULL", "", "{,}", "e\u{301}\"\u{301}"]
        let quoted = #"{"a","b\"\\c",NULL,"NULL","","{,}","é\"́"}"#
        #expect(PostgresValue(array: texts) == PostgresValue(quoted))
        let numbers: [Int64?] = [1, nil, .min]
        #expect(PostgresValue(array: numbers) == PostgresValue("{1,NULL,-9223372036854775808}"))
        #expect(PostgresValue(array: [true, nil, false]) == PostgresValue("{t,NULL,f}"))
        #expect(PostgresValue(array: [String?]()) == PostgresValue("{}"))
    }
}
