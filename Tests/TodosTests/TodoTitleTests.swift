import Testing
import Todos

@Suite("Title of a to-do")
struct TodoTitleTests {
    @Test(arguments: ["a", "買い物に行く", "שלום", "مرحبا بك", "👨‍👩‍👧‍👦", "  x", "x\n", "\t x y \u{3000}"])
    func `Any language is accepted and white space at the ends is dropped`(text: String) throws {
        let title = try TodoTitle(text)
        #expect(title.text.first?.isWhitespace == false)
        #expect(title.text.last?.isWhitespace == false)
        #expect(text.contains(title.text))
    }

    @Test func `White space between words stays as it was sent`() throws {
        #expect(try TodoTitle(" a  b ").text == "a  b")
    }

    @Test(arguments: ["", " ", "\n\t", "\u{200B}", "\u{FEFF}\u{200D}", "\u{00AD}"])
    func `A title with nothing to see is refused`(text: String) {
        #expect(throws: TodoTitleError.empty) { try TodoTitle(text) }
    }

    @Test func `255 characters are accepted and 256 are not`() throws {
        for character in ["x", "ü", "e\u{301}", "語", "😀"] {
            let longest = String(repeating: character, count: 255)
            #expect(try TodoTitle(longest).text == longest)
            #expect(throws: TodoTitleError.tooManyCharacters(count: 256)) {
                try TodoTitle(longest + character)
            }
        }
    }

    @Test func `2,048 bytes are accepted and one more is not`() throws {
        // One character, however many marks it carries.
        let longest = "ab" + String(repeating: "\u{301}", count: 1_023)
        #expect(longest.utf8.count == 2_048)
        #expect(try TodoTitle(longest).text == longest)
        #expect(throws: TodoTitleError.tooManyBytes(count: 2_049)) {
            try TodoTitle("a" + longest)
        }
    }

    @Test(
        arguments: [
            0x00, 0x09, 0x0A, 0x0D, 0x1B, 0x1F, 0x7F, 0x80, 0x85, 0x9F, 0x2028, 0x2029, 0x202A,
            0x202E, 0x2066, 0x2069,
        ] as [UInt32]
    )
    func `A control character within a title is refused by its code point`(value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        let error = #expect(throws: TodoTitleError.refusedCharacter(scalar)) {
            try TodoTitle("pay\(Character(scalar))rent")
        }
        let digits = String(value, radix: 16, uppercase: true)
        #expect(error?.description.contains("\(digits), a control character") == true)
    }

    @Test(arguments: [0x200E, 0x200F, 0x061C, 0x200D] as [UInt32])
    func `Marks that right-to-left text and emoji need are accepted`(value: UInt32) throws {
        let text = "a\(Character(try #require(Unicode.Scalar(value))))b"
        #expect(try TodoTitle(text).text == text)
    }

    @Test func `Random scalars never trap, and never yield a title against the rules`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...300, using: &random) {
                let value = UInt32.random(in: 0...0x3_0000, using: &random)
                if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
            }
            do throws(TodoTitleError) {
                let title = try TodoTitle(text).text
                #expect((1...255).contains(title.count), "\(Array(text.unicodeScalars))")
                let controls = title.unicodeScalars.filter {
                    $0.properties.generalCategory == .control
                }
                #expect(controls.isEmpty, "\(Array(text.unicodeScalars))")
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
    }
}
