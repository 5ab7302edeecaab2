import Bytes
import JSON
import Testing

@Suite("Repeated member names (RFC 8259 §4)")
struct MemberNamesTests {
    @Test(
        arguments: [
            (#"{"a":1,"b":2}"#, nil), (#"{"a":1,"A":2,"":3}"#, nil), (#"{"a":1,"a":2}"#, "a"),
            (#"{"a":1,"b":2,"\u0061":3}"#, "a"), (#"{"\u0061":1,"a":2}"#, "a"),
            (#"{"":1,"":2}"#, ""),
            (#"{"\u00e9":1,"e\u0301":2}"#, nil), (#"{"\ud83d\ude00":1,"😀":2}"#, "😀"),
        ] as [(String, String?)]
    )
    func `A name is repeated if its text is`(json: String, repeated: String?) throws {
        #expect(try firstRepeatedName(in: json) == repeated)
    }

    @Test(arguments: [
        MemberNames.inlineCountMax - 1, MemberNames.inlineCountMax, MemberNames.inlineCountMax + 1,
        1_000,
    ])
    func `A repetition is found however many names stand before it`(count: Int) throws {
        let names = (0..<count).map { "name\($0)" }
        #expect(try firstRepeatedName(in: object(names)) == nil)
        for index in [0, count / 2, count - 1] {
            let json = object(names + [#"\u006eame\#(index)"#])
            #expect(try firstRepeatedName(in: json) == "name\(index)")
        }
    }

    private func object(_ names: [String]) -> String {
        "{" + names.map { #""\#($0)":0"# }.joined(separator: ",") + "}"
    }

    private func firstRepeatedName(in json: String) throws -> String? {
        let buffer = ByteBuffer(json)
        var reader = JSONReader(buffer.span)
        var names = MemberNames()
        try reader.beginObject()
        while let name = try reader.nextMember() {
            guard names.insert(name, in: reader) else { return reader.text(of: name) }
        }
        try reader.finish()
        return nil
    }
}
