import Libuv
import TestSupport
import Testing

@Suite("Peer address")
struct PeerAddressTests {
    @Test(arguments: [
        (UInt64(0), UInt64(0xFFFF_7F00_0001), "127.0.0.1"),
        (0, 0xFFFF_FFFF_FFFF, "255.255.255.255"),
        (0, 0xFFFF_0000_0000, "0.0.0.0"),
        (0, 1, "0:0:0:0:0:0:0:1"),
        (0x2001_0DB8_0000_00FF, 0x0001_0000_0000_ABCD, "2001:db8:0:ff:1:0:0:abcd"),
    ])
    func `An address is written as people write it`(high: UInt64, low: UInt64, text: String) {
        #expect(PeerAddress(high: high, low: low).description == text)
    }

    @Test(arguments: [
        (SocketAddress.ipv4(host: "127.0.0.1", port: 0), "127.0.0.1"),
        (.ipv6(host: "::1", port: 0), "0:0:0:0:0:0:0:1"),
    ])
    func `The address of a connection is that of its client`(
        address: SocketAddress,
        text: String
    ) async throws {
        try await withStreamServer(at: address) { server in
            let client = try RawClient(to: server.address)
            await server.journal.wait(for: .accept)
            #expect(await server.peerAddress?.description == text)
            client.close()
        }
    }

    @Test(arguments: [
        ("192.0.2.1", UInt64(0), UInt64(0xFFFF_C000_0201)),
        ("0.0.0.0", 0, 0xFFFF_0000_0000),
        ("::", 0, 0), ("::1", 0, 1), ("1::", 0x0001_0000_0000_0000, 0),
        ("2001:db8::7", 0x2001_0DB8_0000_0000, 7),
        ("2001:DB8:0:0:0:0:0:7", 0x2001_0DB8_0000_0000, 7),
        ("1:2:3:4:5:6:7:8", 0x0001_0002_0003_0004, 0x0005_0006_0007_0008),
        ("::ffff:192.0.2.1", 0, 0xFFFF_C000_0201),
        ("64:ff9b::192.0.2.1", 0x0064_FF9B_0000_0000, 0xC000_0201),
        ("1:2:3:4:5:6:7::", 0x0001_0002_0003_0004, 0x0005_0006_0007_0000),
        ("1:2:3:4:5:6:192.0.2.1", 0x0001_0002_0003_0004, 0x0005_0006_C000_0201),
    ])
    func `An address is read as people write it`(text: String, high: UInt64, low: UInt64) {
        #expect(PeerAddress(text) == PeerAddress(high: high, low: low))
    }

    @Test(arguments: [
        "", ".", ":", ":::", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ",
        " 1.2.3.4", "1..3.4", "1.2.3.", "+1.2.3.4", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", ":1",
        "1:", "1::2::3", "1:2:3:4:5:6:7:8::", "12345::", "g::", "::1%eth0", "[::1]", "::1.2.3",
        "1:2:3:4:5:6:7:1.2.3.4", "localhost", "::1:", "1.2.3.4:80",
    ])
    func `Whatever else there is, is no address`(text: String) {
        #expect(PeerAddress(text) == nil)
    }

    @Test func `Every address is read as it is written`() {
        for _ in 0..<1_000 {
            let address = PeerAddress(high: .random(in: 1 ... .max), low: .random(in: 0 ... .max))
            #expect(PeerAddress(address.description) == address)
        }
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.6", false),
        ("192.0.2.6/31", "192.0.2.7", true), ("0.0.0.0/0", "203.0.113.9", true),
        ("0.0.0.0/0", "::1", false), ("::/0", "203.0.113.9", true), ("::1", "::1", true),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false),
        ("2001:db8::/65", "2001:db8::7fff:0:0:0", true),
        ("2001:db8::/65", "2001:db8::8000:0:0:0", false),
    ])
    func `A block holds the addresses that begin as it does`(
        text: String,
        address: String,
        isInside: Bool
    ) throws {
        let block = try #require(AddressBlock(text))
        #expect(block.contains(try #require(PeerAddress(address))) == isInside)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.7/8",
        "2001:db8::/129", "2001:db8::1/64", "10.0.0.0/0008", "10.0.0.0/ 8", "ten/8",
    ])
    func `Whatever else there is, is no block`(text: String) {
        #expect(AddressBlock(text) == nil)
    }
}
