import HTTPTransport
import Martlet

/// Which proxies are in front of a server, and how they say for whom they ask.
package struct ProxySettings: Sendable {
    package let trustedProxies: TrustedProxies
    package let proxyHeader: HTTPIntake.ProxyHeaderRule
    package let forwardedField: ForwardedField?

    package init(_ settings: inout SettingsReader) {
        let texts = settings.list(.trustedProxies) { TrustedProxies([$0]) != nil }
        trustedProxies = TrustedProxies(texts) ?? TrustedProxies()
        proxyHeader = settings.choice(
            .proxyProtocol,
            ["refused": HTTPIntake.ProxyHeaderRule.refused, "required": .required],
            default: .refused
        )
        forwardedField = settings.choice(
            .forwardedField,
            [
                "none": ForwardedField?.none, "forwarded": .forwarded,
                "x-forwarded-for": .xForwardedFor,
            ],
            default: nil
        )
        guard texts.isEmpty else { return }
        if proxyHeader == .required, let origin = settings.origin(of: .proxyProtocol) {
            settings.report(.value(.withoutTrustedProxies(.proxyProtocol, origin)))
        }
        if forwardedField != nil, let origin = settings.origin(of: .forwardedField) {
            settings.report(.value(.withoutTrustedProxies(.forwardedField, origin)))
        }
    }

    package func apply(to configuration: inout ServerConfiguration) {
        configuration.trustedProxies = trustedProxies
        configuration.proxyHeader = proxyHeader
        configuration.forwardedField = forwardedField
    }
}
