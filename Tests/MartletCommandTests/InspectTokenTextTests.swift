import MartletCommand
import Testing

@Suite("A token as it was pasted")
struct InspectTokenTextTests {
    @Test(
        arguments: [
            ("a.b.c", []),
            ("a.b.c\n", []),
            ("a.b.c\r\n", []),
            (" a.b.c", [.whiteSpaceAround]),
            ("a.b.c\n\n", [.whiteSpaceAround]),
            ("a.b\n .c", [.whiteSpaceInside]),
            ("\"a.b.c\"", [.quotationMarks]),
            ("“a.b.c”", [.quotationMarks]),
            ("Bearer a.b.c", [.scheme]),
            ("bearer  a.b.c", [.scheme]),
            ("Authorization: Bearer a.b.c", [.fieldName, .scheme]),
            ("'Bearer a.b.c'", [.quotationMarks, .scheme]),
            (#"{"access_token":"a.b.c"}"#, [.tokenResponse(member: "access_token")]),
            (#"{"id_token":"a.b.c"}"#, [.tokenResponse(member: "id_token")]),
        ] as [(String, [TokenText.Remark])]
    )
    func `What stands around a token is taken away, and told`(
        text: String,
        remarks: [TokenText.Remark]
    ) {
        let token = TokenText(text)
        #expect(token.token == "a.b.c")
        #expect(token.remarks == remarks)
    }

    @Test(arguments: ["", "\n", "   ", "{", "{}", "\"", "Bearer", "Bearer ", "{\"a\":1}"])
    func `A text without a token is none and never traps`(text: String) {
        #expect(!TokenAnatomy(TokenText(text)).faults.isEmpty)
    }

    @Test func `No description shows the token`() {
        let token = TokenText("aaaa.bbbb.cccc")
        var dumped = ""
        dump(token, to: &dumped)
        dump(TokenAnatomy(token), to: &dumped)
        #expect(!"\(token)\(dumped)".contains("bbbb"))
    }
}
