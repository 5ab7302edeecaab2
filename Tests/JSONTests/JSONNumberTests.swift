import Bytes
import JSON
import Testing

@Suite("JSON numbers (RFC 8259 §6)")
struct JSONNumberTests {
    @Test(arguments: [
        ("0", 0), ("-0", 0), ("7", 7), ("-7", -7), ("1.0", 1), ("1e2", 100), ("1E+2", 100),
        ("1.5e1", 15), ("100e-2", 1), ("0.0", 0), ("0e999999999999999999999", 0), ("-0.0e-5", 0),
        ("12300e-2", 123), ("0.001e3", 1), ("9223372036854775807", Int.max),
        ("-9223372036854775808", Int.min), ("9223372036854775807.000", Int.max),
        ("922337203685477580.7e1", Int.max),
        ("1000000000000000000000e-3", 1_000_000_000_000_000_000),
    ])
    func `An integer is known by its value and not its spelling`(text: String, value: Int) throws {
        #expect(try number(text).integer == value)
    }

    @Test(arguments: [
        "0.5", "1.5", "-1e-1", "15e-1", "9223372036854775808", "-9223372036854775809", "1e19",
        "1e400", "1e99999999999999999999", "1e-99999999999999999999", "18446744073709551616",
        "99999999999999999999999999", "0.00000000000000000000000000000000000000000001",
        "1.00000000000000000000000000000000000000000000000001",
    ])
    func `What is no integer or does not fit is none`(text: String) throws {
        #expect(try number(text).integer == nil)
    }

    @Test(arguments: [("12", true), ("-0", true), ("1.0", false), ("1e0", false), ("1E5", false)])
    func `The spelling is reported`(text: String, isInteger: Bool) throws {
        #expect(try number(text).isInteger == isInteger)
    }

    @Test(arguments: [
        "0", "-0.0", "0.1", "1e22", "1e23", "-1.7976931348623157e308", "5e-324", "2.5e-324",
        "9007199254740993", "123456789.123456789e-30", "1e-400", "0.30000000000000004",
        "4503599627370496.5", "1e21", "100000000000000000000000", "6.02214076e23",
    ])
    func `A fraction has the value that Swift gives its digits`(text: String) throws {
        #expect(try number(text).double?.bitPattern == Double(text)?.bitPattern)
    }

    @Test func `Random numbers have the value that Swift gives their digits`() throws {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<5_000 {
            let digits =
                UInt64.random(in: 0...(.max), using: &generator)
                >> UInt64.random(in: 0..<64, using: &generator)
            let fraction = UInt64.random(in: 0..<100_000, using: &generator)
            let exponent = Int.random(in: -40...40, using: &generator)
            let text = "\(digits).\(fraction)e\(exponent)"
            #expect(try number(text).double?.bitPattern == Double(text)?.bitPattern, "\(text)")
        }
    }

    @Test(arguments: ["1e309", "-1e309", "1e99999999999999999999", "17976931348623157e300"])
    func `A number beyond every finite Double has no value`(text: String) throws {
        #expect(try number(text).double == nil)
    }

    private func number(_ text: String) throws -> (integer: Int?, double: Double?, isInteger: Bool)
    {
        let buffer = ByteBuffer(text)
        var reader = JSONReader(buffer.span)
        let number = try reader.readNumber()
        try reader.finish()
        return (reader.integer(of: number), reader.double(of: number), number.isInteger)
    }
}
