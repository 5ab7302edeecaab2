import JSON
import MCP
import Testing

@Suite("What a task has open, as its record shows it (ext-tasks, Task Update Requests)")
struct OpenQuestionsTests {
    private static let everyField = ElicitationForm([
        .text("text", lengthMin: 2, lengthMax: 4),
        .integer("integer", min: 1, max: 9, isRequired: false),
        .number("number", min: -0.5, max: 1e3, isRequired: false),
        .boolean("boolean", isRequired: false),
        .choice("plain", of: ["a", "b"], isRequired: false),
        .choice("titled", of: [.init("a", title: "A")], isRequired: false),
        .choice("named", of: [.init("a", title: "A")], asEnumNames: true, isRequired: false),
        .choices("plains", of: ["a", "b"], countMin: 1, countMax: 2, isRequired: false),
        .choices("titleds", of: [.init("a", title: "A")], countMax: 1, isRequired: false),
    ])

    private static let requests: [InputRequest] = [
        .elicitation("form", message: "?", form: everyField),
        .elicitation("address", message: "?", url: "https://a.example/", id: "1"),
        .sampling("model", SamplingRequest("?", tokenCountMax: 10)),
        .roots("roots"),
    ]

    /// What is said of a form's content in an answer that accepts.
    private static let contents = [
        #"{}"#, #"{"text":"ab"}"#, #"{"text":"a"}"#, #"{"text":"abcd"}"#, #"{"text":"abcde"}"#,
        #"{"text":"😀é"}"#, #"{"text":7}"#, #"{"text":null}"#, #"{"text":"ab","other":1}"#,
    ]

    private static let optionals = [
        ("integer", ["1", "9", "0", "10", "1.0", "1.5", "1e0", "\"1\"", "null"]),
        ("number", ["-0.5", "-0.6", "1000", "1000.1", "1e3", "\"1\"", "true"]),
        ("boolean", ["true", "false", "0", "\"true\""]),
        ("plain", ["\"a\"", "\"c\"", "[\"a\"]"]), ("titled", ["\"a\"", "\"A\"", "1"]),
        ("named", ["\"a\"", "\"A\""]),
        ("plains", ["[\"a\"]", "[\"a\",\"b\"]", "[]", "[\"a\",\"a\",\"b\"]", "[\"c\"]", "\"a\""]),
        ("titleds", ["[]", "[\"a\"]", "[\"a\",\"a\"]", "[\"A\"]", "[1]"]),
    ]

    /// Answers that fit one question or another, or none.
    private static let answers =
        (contents
        + optionals.flatMap { name, values in
            values.map { #"{"text":"ab","\#(name)":\#($0)}"# }
        }).map { #"{"action":"accept","content":\#($0)}"# } + [
            #"{"action":"accept"}"#, #"{"action":"decline"}"#, #"{"action":"cancel"}"#,
            #"{"action":"refuse"}"#, "{}", "7", "[]", "null",
            #"{"action":"accept","content":[]}"#,
            #"{"role":"assistant","content":{"type":"text","text":"x"},"model":"m"}"#,
            #"{"role":"assistant","content":{"type":"text"},"model":"m"}"#,
            #"{"role":"assistant"}"#,
            #"{"roots":[]}"#, #"{"roots":[{"uri":"file:///a"}]}"#, #"{"roots":[{}]}"#,
            #"{"roots":7}"#,
        ]

    @Test(arguments: requests.map(\.key))
    func `Whoever has the record refuses the answers that whoever has asked refuses`(
        key: String
    ) throws {
        var questions = TaskQuestions()
        _ = questions.ask(Self.requests)
        let open = OpenQuestions(questions.requests)
        var (admitted, refused) = (0, 0)
        for text in Self.answers {
            let answer = try RawJSON(parsing: text)
            var asking = questions
            let refusal: RPCError?
            do throws(RPCError) {
                _ = try asking.receive([key: answer])
                refusal = nil
            } catch {
                refusal = error
            }
            let other: RPCError?
            do throws(RPCError) {
                let answered = try open.answered(by: [key: answer])
                #expect(answered == [key: answer], "\(text)")
                other = nil
            } catch {
                other = error
            }
            #expect(other == refusal, "\(text)")
            if refusal == nil { admitted += 1 } else { refused += 1 }
        }
        #expect(admitted > 0 && refused > 0)
    }

    @Test func `Answers to no open question are left out, whatever they are`() throws {
        var questions = TaskQuestions()
        _ = questions.ask(Self.requests)
        let roots = try RawJSON(parsing: #"{"roots":[]}"#)
        let open = OpenQuestions(questions.requests)
        let answered = try open.answered(by: ["roots": roots, "z": RawJSON(parsing: "7")])
        #expect(answered == ["roots": roots])
        #expect(try open.answered(by: [:]) == [:])
    }

    @Test func `One answer that is none spoils all of them`() throws {
        var questions = TaskQuestions()
        _ = questions.ask(Self.requests)
        let open = OpenQuestions(questions.requests)
        let bad = try RawJSON(parsing: "{}")
        #expect(throws: RPCError.self) {
            try open.answered(by: ["roots": RawJSON(parsing: #"{"roots":[]}"#), "form": bad])
        }
    }

    @Test(arguments: ["[]", "7", #"{"a":7}"#, #"{"a":{"params":7}}"#, #"{"a":{"method":7}}"#])
    func `A record without questions is nobody's fault but the server's`(requests: String) throws {
        let open = OpenQuestions(try RawJSON(parsing: requests))
        #expect(throws: RPCError.internalError) {
            try open.answered(by: ["a": RawJSON(parsing: "{}")])
        }
    }
}
