import HTTPTransport
import Libuv
import Testing

@Suite("PROXY header (PROXY protocol §2)")
struct ProxyHeaderTests {
    private static let ada = PeerAddress("192.0.2.7")
    private static let grace = PeerAddress("2001:db8::7")

    /// A header of version 2.
    static func binary(
        _ command: UInt8,
        _ family: UInt8,
        _ rest: [UInt8]
    ) -> [UInt8] {
        Array("\r\n\r\n\0\r\nQUIT\n".utf8)
            + [command, family, UInt8(rest.count >> 8), UInt8(truncatingIfNeeded: rest.count)]
            + rest
    }

    private static let fourBytes: [UInt8] = [192, 0, 2, 7, 192, 0, 2, 1, 0x9C, 0x40, 0, 80]
    private static let sixBytes: [UInt8] =
        [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [7]
        + [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [1] + [0x9C, 0x40, 0, 80]

    /// Headers, and whom they name.
    private static let headers: [(bytes: [UInt8], source: PeerAddress?)] = [
        (Array("PROXY TCP4 192.0.2.7 192.0.2.1 40000 80\r\n".utf8), ada),
        (Array("PROXY TCP6 2001:db8::7 2001:db8::1 1 65535\r\n".utf8), grace),
        (
            Array("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n".utf8),
            PeerAddress("255.255.255.255")
        ),
        (Array("PROXY UNKNOWN\r\n".utf8), nil),
        (Array("PROXY UNKNOWN ffff:f...f:ffff whatever it is\r\n".utf8), nil),
        (binary(0x21, 0x11, fourBytes), ada),
        (binary(0x21, 0x21, sixBytes), grace),
        // What else a proxy tells (TLVs) is skipped.
        (binary(0x21, 0x11, fourBytes + [0x04, 0, 3, 1, 2, 3]), ada),
        (binary(0x21, 0x00, []), nil),
        (binary(0x21, 0x31, Array(repeating: 0x2F, count: 216)), nil),
        // A health check of the proxy's own, whatever addresses it gives.
        (binary(0x20, 0x11, fourBytes), nil),
        (binary(0x20, 0x00, []), nil),
    ]

    @Test(arguments: headers.indices)
    func `A header says who connected, and ends where the client's bytes begin`(
        index: Int
    ) {
        let (bytes, source) = Self.headers[index]
        let expected = ProxyHeader.Progress.complete(
            // The last two speak for the proxy itself, the others that name nobody for nobody knows
            // whom.
            ProxyHeader(
                source: source,
                isOwn: index >= Self.headers.count - 2,
                byteCount: bytes.count
            )
        )
        #expect(ProxyHeader.read(bytes.span) == expected)
        #expect(ProxyHeader.read((bytes + Array("GET / HTTP/1.1\r\n".utf8)).span) == expected)
        #expect(ProxyHeader.read((bytes + bytes).span) == expected)
    }

    @Test(arguments: headers.indices)
    func `Of every beginning of a header more is awaited`(index: Int) {
        let bytes = Self.headers[index].bytes
        for count in bytes.indices {
            #expect(ProxyHeader.read(bytes.span.extracting(..<count)) == .needsMoreInput)
        }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\n", ProxyHeader.Fault.noHeader), ("PROXy", .noHeader),
        ("\r\n\r\n\r", .noHeader),
        ("PROXY TCP4 192.0.2.7 192.0.2.1 40000 80\n", .malformedLine),
        ("PROXY TCP4 192.0.2.7 192.0.2.1 40000\r\n", .malformedLine),
        ("PROXY TCP4 192.0.2.7 192.0.2.1 40000 80 1\r\n", .malformedLine),
        ("PROXY TCP4  192.0.2.7 192.0.2.1 40000 80\r\n", .malformedLine),
        ("PROXY TCP4 192.0.2.7 192.0.2.1 40000 65536\r\n", .malformedLine),
        ("PROXY TCP4 192.0.2.7 192.0.2.1 040 80\r\n", .malformedLine),
        ("PROXY TCP4 192.0.2.7 192.0.2.1 -1 80\r\n", .malformedLine),
        ("PROXY TCP4 192.0.2.07 192.0.2.1 1 80\r\n", .malformedLine),
        ("PROXY TCP4 2001:db8::7 2001:db8::1 1 80\r\n", .malformedLine),
        ("PROXY TCP6 192.0.2.7 192.0.2.1 1 80\r\n", .malformedLine),
        ("PROXY UDP4 192.0.2.7 192.0.2.1 1 80\r\n", .unknownFamily),
        ("PROXY \r\n", .unknownFamily),
    ])
    func `A line that is no header is refused`(text: String, fault: ProxyHeader.Fault) {
        let bytes = Array(text.utf8)
        #expect(ProxyHeader.read(bytes.span) == .malformed(fault))
    }

    @Test func `A line has at most 107 bytes`() {
        let longest = Array(("PROXY UNKNOWN " + String(repeating: "x", count: 91) + "\r\n").utf8)
        #expect(longest.count == 107)
        let header = ProxyHeader(source: nil, byteCount: 107)
        #expect(ProxyHeader.read(longest.span) == .complete(header))
        let longer = Array("PROXY UNKNOWN \(String(repeating: "x", count: 92))\r\n".utf8)
        let fault = ProxyHeader.Fault.tooLong(byteCountMax: 107)
        #expect(ProxyHeader.read(longer.span) == .malformed(fault))
        #expect(ProxyHeader.read(longer.span.extracting(..<107)) == .malformed(fault))
    }

    @Test func `Version 2 has at most 2,048 bytes behind its first sixteen`() {
        let padding = [UInt8](repeating: 0, count: 2_048 - 12)
        let longest = Self.binary(0x21, 0x11, Self.fourBytes + padding)
        let header = ProxyHeader(source: Self.ada, byteCount: 16 + 2_048)
        #expect(ProxyHeader.read(longest.span) == .complete(header))
        let longer = Self.binary(0x21, 0x11, Self.fourBytes + padding + [0])
        let fault = ProxyHeader.Fault.tooLong(byteCountMax: 2_064)
        #expect(ProxyHeader.read(longer.span.extracting(..<16)) == .malformed(fault))
    }

    @Test(arguments: [
        (binary(0x11, 0x11, fourBytes), ProxyHeader.Fault.unknownVersion),
        (binary(0x22, 0x11, fourBytes), .unknownCommand),
        (binary(0x21, 0x12, fourBytes), .unknownFamily),
        (binary(0x21, 0x41, fourBytes), .unknownFamily),
        (binary(0x21, 0x11, Array(fourBytes.dropLast())), .tooShort),
        (binary(0x21, 0x21, Array(sixBytes.dropLast())), .tooShort),
    ])
    func `Version 2 of another kind is refused`(bytes: [UInt8], fault: ProxyHeader.Fault) {
        #expect(ProxyHeader.read(bytes.span) == .malformed(fault))
    }

    @Test func `Whatever the bytes are, nothing beyond them is read`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var bytes = Self.headers.randomElement(using: &random)?.bytes ?? []
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: bytes.indices, using: &random)
                bytes[index] = .random(in: .min ... .max, using: &random)
            }
            bytes = Array(bytes.prefix(.random(in: 0...bytes.count, using: &random)))
            if case .complete(let header) = ProxyHeader.read(bytes.span) {
                #expect(header.byteCount <= bytes.count, "\(bytes)")
            }
        }
    }
}
