import HTTP1
import Testing

@Suite("Dates (RFC 9110 §5.6.7)")
struct IMFFixdateTests {
    /// The first is the RFC's own example; the others were computed with GNU `date -u -d @…`.
    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
        (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
        (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
        (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ])
    func `A time is written as the RFC wants it`(seconds: Int64, text: String) {
        #expect(IMFFixdate(secondsSinceEpoch: seconds).text == text)
        var date = IMFFixdate(secondsSinceEpoch: 1)
        date.update(secondsSinceEpoch: seconds)
        #expect(date.text == text)
        #expect(date == IMFFixdate(secondsSinceEpoch: seconds))
    }

    @Test func `Every day of four centuries follows the one before`() {
        let monthNames = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let dayNames = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        var (year, month, day) = (1970, 1, 1)
        for dayNumber in 0..<146_097 {
            let paddedDay = day < 10 ? "0\(day)" : "\(day)"
            let expected =
                "\(dayNames[dayNumber % 7]), \(paddedDay) \(monthNames[month - 1]) \(year) "
                + "12:00:00 GMT"
            let date = IMFFixdate(secondsSinceEpoch: Int64(dayNumber) * 86_400 + 43_200)
            if date.text != expected {
                #expect(date.text == expected)
                return
            }
            let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let dayCounts = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            day += 1
            if day > dayCounts[month - 1] { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect(year == 2370)
    }

    @Test(arguments: [(Int64.min, Int64(0)), (-1, 0), (.max, 253_402_300_799)])
    func `A time outside four-digit years becomes the nearest within`(
        seconds: Int64,
        nearest: Int64
    ) {
        #expect(IMFFixdate(secondsSinceEpoch: seconds).secondsSinceEpoch == nearest)
        var date = IMFFixdate(secondsSinceEpoch: 1)
        date.update(secondsSinceEpoch: seconds)
        #expect(date.secondsSinceEpoch == nearest)
    }
}
