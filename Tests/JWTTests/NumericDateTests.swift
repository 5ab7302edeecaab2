import JWT
import Testing

@Suite("NumericDate (RFC 7519 §2)")
struct NumericDateTests {
    @Test(arguments: [
        (0.0, 0), (-0.0, 0), (1.9, 1), (-0.1, -1), (-1.0, -1), (1e18, 1_000_000_000_000_000_000),
        (0x1p63, Int64.max), (0x1p62, 1 << 62), (-0x1p63, Int64.min), (1e300, Int64.max),
        (-1e300, Int64.min), (.infinity, Int64.max), (-.infinity, Int64.min),
    ])
    func `A fraction is rounded down and a number out of range saturates`(
        number: Double,
        seconds: Int64
    ) {
        #expect(NumericDate(roundingDown: number) == NumericDate(seconds: seconds))
    }

    @Test func `What is not a number is no date`() {
        #expect(NumericDate(roundingDown: .nan) == nil)
    }

    @Test func `Moving beyond either end of time stays there`() {
        let last = NumericDate(seconds: .max)
        let first = NumericDate(seconds: .min)
        #expect(last.advanced(bySeconds: 1) == last)
        #expect(last.advanced(bySeconds: .max) == last)
        #expect(first.advanced(bySeconds: -1) == first)
        #expect(first.advanced(bySeconds: .min) == first)
        #expect(NumericDate(seconds: 5).advanced(bySeconds: -7) == NumericDate(seconds: -2))
    }
}
