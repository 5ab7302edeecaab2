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
}
