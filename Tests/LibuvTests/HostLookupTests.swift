import Libuv
import Testing

@Suite("Looking hosts up")
struct HostLookupTests {
    private func lookUp(_ host: String, on loop: EventLoop) async -> Result<[String], LibuvError> {
        await withCheckedContinuation { continuation in
            loop.submit {
                HostLookup.start(host, on: loop) { continuation.resume(returning: $0) }
            }
        }
    }

    @Test func `A name has addresses, and an address is its own`() async throws {
        try await withLoops(1) { loops in
            let found = try await lookUp("localhost", on: loops[0]).get()
            #expect(!found.isEmpty)
            #expect(Set(found).isSubset(of: ["127.0.0.1", "::1"]))
            for address in ["127.0.0.1", "::1", "192.0.2.7"] {
                #expect(try await lookUp(address, on: loops[0]).get() == [address])
            }
        }
    }

    @Test(arguments: ["", "localhost\0.example", "no-such-host.invalid"])
    func `What has no address is an error that names it`(host: String) async throws {
        try await withLoops(1) { loops in
            let answer = await lookUp(host, on: loops[0])
            let error = try #require(throws: LibuvError.self) { try answer.get() }
            #expect(error.operation == "look up \(host)")
        }
    }
}
