import Bytes
import JSON
import Testing

@Suite("Raw JSON")
struct RawJSONTests {
    @Test func `A value is kept as it is written, without the space around it`() throws {
        let json = try RawJSON(parsing: " \n{ \"a\" : 1.0 }\t")
        #expect("\(json)" == #"{ "a" : 1.0 }"#)
        #expect(json.bytes == ByteBuffer(#"{ "a" : 1.0 }"#))
    }

    @Test(arguments: ["", "{", "1 2", "{} x", "nope"])
    func `What is not one value is refused`(text: String) {
        #expect(throws: JSONError.self) { try RawJSON(parsing: text) }
    }
}
