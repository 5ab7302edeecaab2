import JSON
import MartletCommand
import Testing

@Suite("The configuration file")
struct SettingsFileTests {
    @Test func `Strings, numbers, booleans and arrays become settings`() {
        let file = parse(
            #"{"listen": ["127.0.0.1:1"], "port": 1.0, "behind-proxy": true, "jwt-issuer": "\u0061"}"#
        )
        var reader = SettingsReader(flags: [:], environment: [:], file: file)
        #expect(reader.texts(.listen)?.texts == ["127.0.0.1:1"])
        #expect(reader.number(.port) == 1)
        let isBehindProxy = reader.toggle(.behindProxy)
        #expect(isBehindProxy)
        #expect(reader.text(.jwtIssuer)?.text == "a")
        #expect(reader.mistakes.isEmpty)
    }

    @Test func `A member that does not exist is a mistake that names the one that was meant`() {
        #expect(
            parse(#"{"bodyMax": 1, "colour": 2}"#).mistakes == [
                .file(.unknownMember(path: "f", name: "bodyMax", similar: "body-max")),
                .file(.unknownMember(path: "f", name: "colour", similar: nil)),
            ]
        )
    }

    @Test func `A member that stands there twice is a mistake`() {
        #expect(
            parse(#"{"port": 1, "\u0070ort": 2}"#).mistakes == [
                .file(.repeatedMember(path: "f", name: "port"))
            ]
        )
    }

    @Test(
        arguments: [
            (#"{"port": true}"#, .true), (#"{"port": null}"#, .null), (#"{"port": [1]}"#, .array),
            (#"{"port": {"x": 1}}"#, .object),
        ] as [(String, JSONKind)]
    )
    func `A value of another type is a mistake`(text: String, kind: JSONKind) {
        #expect(
            parse(text).mistakes == [.file(.memberOfOtherType(path: "f", .port, found: kind))]
        )
    }

    @Test func `A secret in the file is refused and does not appear in the message`() {
        let mistakes = parse(#"{"jwt-secret": "hunter2hunter2"}"#).mistakes
        #expect(mistakes == [.file(.secret(path: "f", .jwtSecret))])
        #expect(!"\(mistakes)".contains("hunter2"))
        #expect(!"\(mistakes[0])".contains("hunter2"))
    }

    @Test func `A file that is cut off anywhere is malformed and never a crash`() {
        let bytes = Array(
            #"{"listen": ["a", 1, "b"], "port": 1e5, "behind-proxy": false, "x": {"y": []}}"#.utf8
        )
        for count in 0..<bytes.count {
            let file = SettingsFile(content: Array(bytes[..<count]), path: "f")
            let isMalformed = file.mistakes.contains {
                if case .file(.malformed) = $0 { true } else { false }
            }
            #expect(isMalformed, "\(count) bytes")
        }
    }

    @Test func `A file above the limit is refused, and one at the limit is read`() {
        let filler = Array(repeating: UInt8(ascii: " "), count: SettingsFile.byteCountMax - 2)
        let longest = Array("{}".utf8) + filler
        #expect(SettingsFile(content: longest, path: "f").mistakes.isEmpty)
        #expect(SettingsFile(content: longest + [0x20], path: "f").mistakes.count == 1)
    }

    @Test func `A file that is not there is one mistake`() {
        let file = SettingsFile(path: "/nonexistent/martlet.json")
        #expect(
            file.mistakes == [
                .file(
                    .unreadable(
                        path: "/nonexistent/martlet.json",
                        reason: "no such file or directory"
                    )
                )
            ]
        )
    }

    private func parse(_ text: String) -> SettingsFile {
        SettingsFile(content: Array(text.utf8), path: "f")
    }
}
