import HTTPTransport
import Martlet
import MartletCommand
import Testing

@Suite("Which proxies are believed")
struct ProxySettingsTests {
    @Test func `Nobody is, unless somebody says so`() {
        var reader = SettingsReader(flags: [:], environment: [:])
        let proxies = ProxySettings(&reader)
        #expect(proxies.trustedProxies.isEmpty)
        #expect(proxies.proxyHeader == .refused)
        #expect(proxies.forwardedField == nil)
        #expect(reader.mistakes.isEmpty)
    }

    @Test func `Addresses, blocks and the UNIX domain can be named`() {
        var reader = SettingsReader(
            flags: [
                .trustedProxies: ["10.0.0.0/8", "::1", "unix"], .proxyProtocol: ["required"],
                .forwardedField: ["x-forwarded-for"],
            ],
            environment: [:]
        )
        let proxies = ProxySettings(&reader)
        #expect(reader.mistakes.isEmpty)
        #expect(proxies.trustedProxies == TrustedProxies(["10.0.0.0/8", "::1", "unix"]))
        #expect(proxies.proxyHeader == .required)
        #expect(proxies.forwardedField == .xForwardedFor)
    }

    @Test func `Each mistake is told`() {
        var reader = SettingsReader(
            flags: [
                .trustedProxies: ["10.0.0.1/8", "proxy.example"], .proxyProtocol: ["maybe"],
                .forwardedField: ["via"],
            ],
            environment: [:]
        )
        _ = ProxySettings(&reader)
        #expect(reader.mistakes.count == 4)
    }

    @Test func `What proxies say cannot be believed where none is trusted`() {
        var reader = SettingsReader(
            flags: [.proxyProtocol: ["required"], .forwardedField: ["forwarded"]],
            environment: [:]
        )
        _ = ProxySettings(&reader)
        #expect(
            reader.mistakes == [
                .value(.withoutTrustedProxies(.proxyProtocol, .flag)),
                .value(.withoutTrustedProxies(.forwardedField, .flag)),
            ]
        )
    }
}
