import Bytes
import JSON
import Testing

@Suite("JSON reader (RFC 8259)")
struct JSONReaderTests {
    @Test func `A document is read in the order in which it is written`() throws {
        let buffer = ByteBuffer(#" {"id" : 7, "tags":["a" ,"b"], "done":true, "owner":null} "#)
        var reader = JSONReader(buffer.span)
        var seen: [String] = []

        try reader.beginObject()
        while let name = try reader.nextMember() {
            let text = reader.text(of: name)
            switch text {
            case "id":
                let number = try reader.readNumber()
                let id = reader.integer(of: number)
                seen.append("id \(try #require(id))")
            case "tags":
                try reader.beginArray()
                while try reader.nextElement() {
                    let tag = try reader.readString()
                    seen.append("tag \(reader.text(of: tag))")
                }
            case "done":
                seen.append("done \(try reader.readBool())")
            default:
                try reader.readNull()
                seen.append("\(text) null")
            }
        }
        try reader.finish()

        #expect(seen == ["id 7", "tag a", "tag b", "done true", "owner null"])
        #expect(reader.position == buffer.count)
    }

    @Test func `A value that is not read is skipped`() throws {
        let buffer = ByteBuffer(#"{"a":[1,{"b":2}],"c":3,"d":[4,5]}"#)
        var reader = JSONReader(buffer.span)
        var names: [String] = []
        try reader.beginObject()
        while let name = try reader.nextMember() {
            names.append(reader.text(of: name))
            if names.count == 3 {
                try reader.beginArray()
                while try reader.nextElement() { names.append("element") }
            }
        }
        try reader.finish()
        #expect(names == ["a", "c", "d", "element", "element"])

        var whole = JSONReader(buffer.span)
        try whole.finish()
        #expect(whole.position == buffer.count)
    }

    @Test func `A value that is not read is checked all the same`() {
        let buffer = ByteBuffer(#"{"a":[1,],"b":2}"#)
        #expect(throws: JSONError(.expectedValue, offset: 8)) {
            var reader = JSONReader(buffer.span)
            try reader.beginObject()
            while try reader.nextMember() != nil {}
        }
    }

    @Test func `The extent of a skipped value excludes the white space around it`() throws {
        let buffer = ByteBuffer(#"[  {"a": 1}  , 2 ]"#)
        var reader = JSONReader(buffer.span)
        try reader.beginArray()
        var values: [String] = []
        while try reader.nextElement() {
            let range = try reader.skipValue()
            values.append("\(RawJSON(unchecked: ByteBuffer(copying: reader.bytes(in: range))))")
        }
        #expect(values == [#"{"a": 1}"#, "2"])
    }

    @Test func `Another kind of value than wanted can still be read`() throws {
        let buffer = ByteBuffer(#"  "seven" "#)
        var reader = JSONReader(buffer.span)
        let refused = JSONError(.unexpectedKind(.string, expected: .number), offset: 2)
        do {
            _ = try reader.readNumber()
            Issue.record("a string was read as a number")
        } catch {
            #expect(error == refused)
        }
        let string = try reader.readString()
        #expect(reader.equals(string, "seven") == true)
        try reader.finish()
    }

    @Test func `After an error every call throws that error again`() throws {
        let buffer = ByteBuffer(#"[1;2]"#)
        var reader = JSONReader(buffer.span)
        let expected = JSONError(.expectedCommaOrEnd, offset: 2)
        try reader.beginArray()
        _ = try reader.nextElement()
        _ = try reader.readNumber()
        for attempt in 0..<4 {
            do {
                switch attempt {
                case 0: _ = try reader.nextElement()
                case 1: _ = try reader.nextMember()
                case 2: _ = try reader.readString()
                default: try reader.finish()
                }
                Issue.record("attempt \(attempt) did not throw")
            } catch {
                #expect(error == expected)
            }
        }
    }

    @Test(arguments: [
        ("", JSONError.Reason.endOfInput, 0),
        ("  ", .endOfInput, 2),
        ("\u{FEFF}{}", .expectedValue, 0),
        ("'a'", .expectedValue, 0),
        ("nul", .endOfInput, 3),
        ("nulL", .expectedValue, 3),
        ("[1 2]", .expectedCommaOrEnd, 3),
        ("[1,]", .expectedValue, 3),
        ("[1}", .expectedCommaOrEnd, 2),
        (#"{"a":1]"#, .expectedCommaOrEnd, 6),
        (#"{"a" 1}"#, .expectedColon, 5),
        (#"{"a":1,}"#, .expectedMemberName, 7),
        ("{a:1}", .expectedMemberName, 1),
        ("1 2", .trailingBytes, 2),
        ("01", .malformedNumber, 0),
        ("-x", .malformedNumber, 1),
        ("1.e3", .malformedNumber, 2),
        ("1e", .endOfInput, 2),
        ("+1", .expectedValue, 0),
        ("\"a\nb\"", .controlCharacter, 2),
        (#""\x""#, .malformedEscape, 1),
        (#""\u12G4""#, .malformedEscape, 1),
        (#""\uD800""#, .loneSurrogate, 1),
        (#""\uD800\n""#, .loneSurrogate, 1),
        (#""\uD800\u0041""#, .loneSurrogate, 1),
        (#""\uDC00""#, .loneSurrogate, 1),
        (#""abc"#, .endOfInput, 4),
    ])
    func `An error names what is wrong and the byte`(
        text: String,
        reason: JSONError.Reason,
        offset: Int
    ) {
        #expect(skipRejection(of: Array(text.utf8)) == JSONError(reason, offset: offset))
        #expect(pullRejection(of: Array(text.utf8)) == JSONError(reason, offset: offset))
    }

    @Test(arguments: [0, 1, 2, 63, 64])
    func `Nesting is accepted up to the limit and refused one deeper`(depthMax: Int) throws {
        for (open, close) in [("[", "]"), (#"{"a":"#, "}"), (#"[{"a":"#, "}]")] {
            let depthOfOne = close.count
            guard depthMax % depthOfOne == 0 else { continue }
            let count = depthMax / depthOfOne
            let opening = String(repeating: open, count: count)
            let closing = String(repeating: close, count: count)
            let fits = Array((opening + "0" + closing).utf8)
            try skip(fits, depthMax: depthMax)
            try pull(fits, depthMax: depthMax)
            let error = JSONError(.tooDeep(depthMax: depthMax), offset: opening.utf8.count)
            for container in ["[]", "{}", "[0]", #"{"a":0}"#] {
                let tooDeep = Array((opening + container + closing).utf8)
                #expect(throws: error) { try skip(tooDeep, depthMax: depthMax) }
                #expect(throws: error) { try pull(tooDeep, depthMax: depthMax) }
            }
        }
    }

    @Test func `The limit counts from the outermost value wherever skipping begins`() {
        let buffer = ByteBuffer("[[[[]]]]")
        #expect(throws: JSONError(.tooDeep(depthMax: 3), offset: 3)) {
            var reader = JSONReader(buffer.span, depthMax: 3)
            try reader.beginArray()
            _ = try reader.nextElement()
            try reader.skipValue()
        }
    }

    @Test func `A reader asked for values out of order traps`() async {
        await #expect(processExitsWith: .failure) {
            let buffer = ByteBuffer("[1]")
            var reader = JSONReader(buffer.span)
            try reader.beginArray()
            _ = try reader.nextMember()
        }
        await #expect(processExitsWith: .failure) {
            let buffer = ByteBuffer("[1]")
            var reader = JSONReader(buffer.span)
            try reader.beginArray()
            _ = try reader.readNumber()
        }
    }

    @Test func `An error reads as a sentence with its place`() {
        let error = JSONError(.unexpectedKind(.string, expected: .true), offset: 9)
        #expect("\(error)" == "expected a boolean, found a string at byte 9")
    }
}
