import Bytes
import Testing

@Suite("Decimal numbers")
struct DecimalTests {
    @Test(arguments: [("0", 0), ("007", 7), ("9223372036854775807", Int.max)])
    func `Digits are read as the number they spell`(text: String, value: Int) {
        #expect(Decimal.parse(ByteBuffer(text).span) == value)
    }

    @Test(arguments: [
        "", "-1", "+1", " 1", "1 ", "0x1", "9223372036854775808", "99999999999999999999",
    ])
    func `What is not plain digits or does not fit is refused`(text: String) {
        #expect(Decimal.parse(ByteBuffer(text).span) == nil)
    }

    @Test(arguments: [
        0, 7, 10, 99, 100, 99_999_999, 100_000_000, 100_000_001, 12_345_678_900_000_001, -1,
        Int.max, Int.min,
    ])
    func `A number is written as Swift itself writes it`(value: Int) {
        var buffer = ByteBuffer()
        buffer.append(decimal: value)
        #expect(buffer == ByteBuffer("\(value)"))
    }
}
