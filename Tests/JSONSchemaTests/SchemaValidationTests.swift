import Bytes
import JSON
import JSONSchema
import Testing

private let schema = ObjectSchema([
    .required("title", .string(lengthMin: 1, lengthMax: 5, characters: .withoutControlCharacters)),
    .optional("key", .string(lengthMax: 4, characters: .visibleASCII)),
    .optional("limit", .integer(min: 1, max: 100)),
    .optional("id", .integer()),
    .optional("ratio", .number(min: -0.5, max: 1)),
    .optional("any", .number()),
    .optional("done", .boolean),
    .optional("state", .enumeration(["open", "done"])),
    .optional("note", .nullable(.string(lengthMax: 1))),
    .optional("tags", .array(of: .string(lengthMax: 2), countMax: 2)),
    .optional("pages", .array(of: .array(of: .integer(min: 0, max: 9), countMax: 1), countMax: 3)),
    .optional(
        "filter",
        .object(
            ObjectSchema([
                .required("by", .enumeration(["age"])),
                .optional(
                    "tags",
                    .array(of: .object(ObjectSchema([.optional("x", .boolean)])), countMax: 1)
                ),
            ])
        )
    ),
])

private func violation(in json: String) -> SchemaViolation? {
    schema.validate(ByteBuffer(json).span)
}

/// The violation of an object that is sound but for `member`.
private func violation(of member: String) -> String? {
    violation(in: #"{"title":"t",\#(member)}"#)?.description
}

@Suite("Validation of arguments (JSON Schema 2020-12)")
struct SchemaValidationTests {
    @Test(arguments: [
        #"{"title":"t"}"#,
        #" { "limit" : 1 , "title" : "12345" } "#,
        #"{"title":"😀😀😀😀é"}"#,
        #"{"title":"\ud83d\ude00\u00e9abc"}"#,
        #"{"t\u0069tle":"t"}"#,
        #"{"title":"t","limit":100,"key":"a!~z"}"#,
        #"{"title":"t","limit":1.0,"id":1e2}"#,
        #"{"title":"t","id":-9007199254740991}"#,
        #"{"title":"t","ratio":-0.5,"any":-1e308}"#,
        #"{"title":"t","ratio":1,"any":5}"#,
        #"{"title":"t","done":true,"state":"done","note":null}"#,
        #"{"title":"t","done":false,"state":"\u006fpen","note":"n"}"#,
        #"{"title":"t","tags":[],"pages":[[],[1],[9]]}"#,
        #"{"title":"t","tags":["ab","é"],"filter":{"by":"age","tags":[{"x":true}]}}"#,
    ])
    func `Arguments that satisfy the schema pass`(json: String) {
        #expect(violation(in: json) == nil)
    }

    @Test(arguments: [
        (#""title":"u""#, "title is given more than once"),
        (#""t\u0069tle":"u""#, "title is given more than once"),
        (#""limit":0"#, "limit must be at least 1; it is 0"),
        (#""limit":101"#, "limit must be at most 100; it is 101"),
        (#""limit":1.5"#, "limit must be an integer; it is 1.5"),
        (#""limit":1e-5"#, "limit must be an integer; it is 1e-5"),
        (#""limit":1e300"#, "limit must be at most 100; it is 1e300"),
        (#""limit":1e999"#, "limit must be at most 100; it is 1e999"),
        (#""limit":-1e999"#, "limit must be at least 1; it is -1e999"),
        (#""limit":"1""#, "limit must be an integer; it is a string"),
        (#""limit":null"#, "limit must be an integer; it is null"),
        (#""id":9007199254740992"#, "id must be at most 9007199254740991; it is 9007199254740992"),
        (#""ratio":-0.51"#, "ratio must be at least -0.5; it is -0.51"),
        (#""ratio":1.01"#, "ratio must be at most 1; it is 1.01"),
        (#""ratio":[]"#, "ratio must be a number; it is an array"),
        (#""any":1e309"#, "any must be at most 1.7976931348623157e+308; it is 1e309"),
        (#""any":-1e309"#, "any must be at least -1.7976931348623157e+308; it is -1e309"),
        (#""done":"yes""#, "done must be true or false; it is a string"),
        (#""done":1"#, "done must be true or false; it is a number"),
        (#""state":"opne""#, #"state must be one of "open", "done"; it is "opne""#),
        (#""state":true"#, "state must be a string; it is a boolean"),
        (#""note":"ab""#, "note must be at most 1 character; it has 2"),
        (#""note":1"#, "note must be a string or null; it is a number"),
        (#""key":"a b""#, "key must consist of visible ASCII characters without spaces"),
        (#""key":"é""#, "key must consist of visible ASCII characters without spaces"),
        (#""key":"abcde""#, "key must be at most 4 characters; it has 5"),
        (#""tags":["a","b","c"]"#, "tags must have at most 2 items"),
        (#""tags":["a","abc"]"#, "tags[1] must be at most 2 characters; it has 3"),
        (#""tags":{}"#, "tags must be an array; it is an object"),
        (#""pages":[[],[],[10]]"#, "pages[2][0] must be at most 9; it is 10"),
        (#""filter":{}"#, "filter.by is required"),
        (#""filter":7"#, "filter must be an object; it is a number"),
        (
            #""filter":{"by":"age","tags":[{"x":1}]}"#,
            "filter.tags[0].x must be true or false; it is a number"
        ),
        (#""filter":{"by":"age","on":1}"#, #"unknown argument "on" in filter; it takes: by, tags"#),
    ])
    func `A violation is a sentence that says what to change`(member: String, sentence: String) {
        #expect(violation(of: member) == sentence)
    }

    @Test(arguments: [
        ("{}", "title is required"),
        (#"{"title":""}"#, "title must be at least 1 character; it has 0"),
        (#"{"title":"123456"}"#, "title must be at most 5 characters; it has 6"),
        (#"{"title":"\ud83d\ude00éé\u00e9éé"}"#, "title must be at most 5 characters; it has 6"),
        (#"{"title":"a\nb"}"#, "title must consist of characters other than control characters"),
        (
            #"{"title":"a\u0000b"}"#,
            "title must consist of characters other than control characters"
        ),
        ("[]", "the value must be an object; it is an array"),
        ("null", "the value must be an object; it is null"),
        ("", "the value is not JSON: input ends too early at byte 0"),
        (#"{"title":"t"}x"#, "the value is not JSON: unexpected bytes after the value at byte 13"),
    ])
    func `An object that is incomplete or none says so`(json: String, sentence: String) {
        #expect(violation(in: json)?.description == sentence)
    }

    @Test func `A misspelt argument is answered with those that exist`() {
        let tool = ObjectSchema([
            .required("title", .string(lengthMax: 255)),
            .optional("idempotency_key", .string(lengthMax: 128)),
        ])
        let violation = tool.validate(ByteBuffer(#"{"titel":"t"}"#).span)
        let sentence = #"unknown argument "titel"; this tool takes: title, idempotency_key"#
        #expect(violation?.description == sentence)
        let none = ObjectSchema([]).validate(ByteBuffer(#"{"a":1}"#).span)
        #expect(none?.description == #"unknown argument "a"; none is taken"#)
    }

    @Test(arguments: [63, 64, 65, 100_000])
    func `No more than 64 characters of the input come back`(length: Int) {
        let name = String(repeating: "é", count: length)
        let shown = String(repeating: "é", count: min(length, 64)) + (length > 64 ? "…" : "")
        guard case .unknownProperty(let excerpt, _) = violation(in: #"{"\#(name)":1}"#)?.reason
        else {
            Issue.record("the name was accepted")
            return
        }
        #expect(excerpt.text == shown)

        let digits = "1" + String(repeating: "0", count: length)
        let sentence = violation(of: #""id":\#(digits)"#) ?? ""
        #expect(sentence.contains(digits.prefix(64)))
        #expect(sentence.unicodeScalars.count < 120)
    }

    @Test func `Characters that steer a display come back as escapes`() {
        let sentence = violation(of: #""state":"a\u0000\u001b[2J\u202e\u2028é""#)
        #expect(sentence?.hasSuffix(#"it is "a\u{0}\u{1B}[2J\u{202E}\u{2028}é""#) == true)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `Arguments that are cut short or damaged never trap`(seed: UInt64) {
        let sound = Array(
            #"{"title":"t\u00e9","limit":1.0e1,"tags":["ab"],"filter":{"by":"age","tags":[{}]}}"#
                .utf8
        )
        #expect(schema.validate(sound.span) == nil)
        for count in 0..<sound.count {
            let cut = Array(sound[..<count])
            guard case .malformed = schema.validate(cut.span)?.reason else {
                Issue.record("\(count) bytes were taken for the whole")
                continue
            }
        }
        var state = seed
        for _ in 0..<20_000 {
            var damaged = sound
            for _ in 0..<3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                damaged[Int(state >> 33) % damaged.count] = UInt8(truncatingIfNeeded: state >> 56)
            }
            // Whatever is accepted is JSON.
            if schema.validate(damaged.span) == nil {
                #expect(throws: Never.self, "seed \(seed)") { try RawJSON(parsing: damaged.span) }
            }
        }
    }
}
