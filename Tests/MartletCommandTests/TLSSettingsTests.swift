import Foundation
import Libuv
import MartletCommand
import TLS
import Testing

@Suite("What serve is told of TLS")
struct TLSSettingsTests {
    private func mistakes(_ flags: [Setting: [String]]) -> [SettingMistake] {
        var reader = SettingsReader(flags: flags, environment: [:])
        _ = TLSSettings(&reader)
        return reader.mistakes
    }

    @Test func `Certificate and key belong together`() {
        #expect(mistakes([.tlsCertificateFile: ["/c"]]) == [.tls(.without(.tlsKeyFile))])
        #expect(mistakes([.tlsKeyFile: ["/k"]]) == [.tls(.without(.tlsCertificateFile))])
        #expect(mistakes([.tlsClientCAFile: ["/a"]]) == [.tls(.without(.tlsCertificateFile))])
        #expect(mistakes([:]) == [])
    }

    @Test func `Every file that cannot be used is named`() throws {
        try withTemporaryDirectory { directory in
            let paths = ["c", "k", "a"].map { "\(directory)/\($0)" }
            let flags: [Setting: [String]] = [
                .tlsCertificateFile: [paths[0]], .tlsKeyFile: [paths[1]],
                .tlsClientCAFile: [paths[2]],
            ]
            #expect(mistakes(flags).count == 3)
            for path in paths {
                let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
                #expect(
                    FileManager.default.createFile(
                        atPath: path,
                        contents: Data("nothing\n".utf8),
                        attributes: attributes
                    )
                )
            }
            #expect(
                mistakes(flags)
                    == [.tls(.unusable(path: paths[0], .missing(.certificate)))]
            )
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644],
                ofItemAtPath: paths[1]
            )
            let told = mistakes(flags).map { "\($0)" }
            #expect(told.count == 1)
            #expect(told[0].contains(paths[1]))
        }
    }

    @Test func `With a certificate others may connect, at a URL that is named`() {
        var reader = SettingsReader(
            flags: [.listen: ["0.0.0.0:443"], .tlsCertificateFile: ["/c"], .tlsKeyFile: ["/k"]],
            environment: [:]
        )
        _ = ServeSettings(&reader, isDevelopment: true, descriptorCountMax: 20_000)
        let address = SocketAddress.ipv4(host: "0.0.0.0", port: 443)
        #expect(reader.mistakes.contains(.address(.noPublicURL(address))))
        #expect(!reader.mistakes.contains(.address(.exposed(address))))
    }

    @Test func `The canonical URI of a server that speaks TLS says so`() {
        var reader = SettingsReader(
            flags: [.port: ["8443"], .tlsCertificateFile: ["/c"]],
            environment: [:]
        )
        #expect(WhereSettings(&reader).canonicalURI == "https://127.0.0.1:8443/mcp")
    }
}
