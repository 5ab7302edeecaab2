import Libuv
import MartletCommand
import Testing

@Suite("What the environment says of a service manager")
struct ServiceManagerSettingsTests {
    @Test func `Sockets count that were passed to this process, and no others`() {
        func count(_ environment: [String: String]) -> Int32 {
            ServiceManager(environment: environment, processID: 42).passedCount
        }
        #expect(count(["LISTEN_PID": "42", "LISTEN_FDS": "2"]) == 2)
        #expect(count(["LISTEN_PID": "43", "LISTEN_FDS": "2"]) == 0)
        #expect(count(["LISTEN_FDS": "2"]) == 0)
        #expect(count(["LISTEN_PID": "42"]) == 0)
        #expect(count(["LISTEN_PID": "42", "LISTEN_FDS": "-1"]) == 0)
        #expect(count(["LISTEN_PID": "42", "LISTEN_FDS": "many"]) == 0)
        #expect(count(["LISTEN_PID": "42", "LISTEN_FDS": "1000000"]) == 64)
    }

    @Test func `A watchdog counts that waits for this process`() {
        func interval(_ environment: [String: String]) -> UInt64? {
            ServiceManager(environment: environment, processID: 42).watchdogMicroseconds
        }
        #expect(interval(["WATCHDOG_USEC": "30000000"]) == 30_000_000)
        #expect(interval(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "42"]) == 30_000_000)
        #expect(interval(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "43"]) == nil)
        #expect(interval(["WATCHDOG_USEC": "0"]) == nil)
        #expect(interval(["WATCHDOG_USEC": "soon"]) == nil)
        #expect(interval([:]) == nil)
    }

    @Test func `Where a manager listens, nothing else is bound unless somebody asks for it`() {
        let passed = [SocketAddress.ipv4(host: "127.0.0.1", port: 8_080)]
        var nobody = SettingsReader(flags: [:], environment: [:])
        let settings = WhereSettings(&nobody, passedAddresses: passed)
        #expect(settings.ownAddresses == [])
        #expect(settings.addresses == passed)
        var somebody = SettingsReader(flags: [.port: ["9090"]], environment: [:])
        let both = WhereSettings(&somebody, passedAddresses: passed)
        #expect(both.ownAddresses == [.ipv4(host: "127.0.0.1", port: 9_090)])
        #expect(both.addresses.count == 2)
    }

    @Test func `A passed socket that others can reach is refused as any such address`() {
        var reader = SettingsReader(flags: [:], environment: [:])
        let exposed = SocketAddress.ipv4(host: "0.0.0.0", port: 80)
        _ = ServeSettings(
            &reader,
            isDevelopment: true,
            descriptorCountMax: 20_000,
            passedAddresses: [exposed]
        )
        #expect(reader.mistakes == [.address(.exposed(exposed))])
    }
}
