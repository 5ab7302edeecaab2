import Libuv
import Martlet
import TLS

/// Who the server is to clients that come over a network without a proxy that speaks TLS.
package struct TLSSettings: Sendable {
    /// The longest file of certificates that is read.
    private static let byteCountMax = 1_048_576

    /// `nil` where HTTP is spoken as it is, or something is mistaken.
    package let identity: TLSIdentity?

    /// Whether TLS is spoken, if nothing is mistaken.
    package let isOn: Bool

    package init(_ settings: inout SettingsReader) {
        let certificate = settings.text(.tlsCertificateFile)?.text
        let key = settings.text(.tlsKeyFile)?.text
        let authorities = settings.text(.tlsClientCAFile)?.text
        isOn = certificate != nil
        guard let certificate, let key else {
            if certificate != nil { settings.report(.tls(.without(.tlsKeyFile))) }
            if key != nil { settings.report(.tls(.without(.tlsCertificateFile))) }
            if certificate == nil, key == nil, authorities != nil {
                settings.report(.tls(.without(.tlsCertificateFile)))
            }
            identity = nil
            return
        }
        let certificates = Self.read(.tlsCertificateFile, certificate, &settings)
        let privateKey = Self.readKey(key, &settings)
        let clientAuthorities = authorities.map { Self.read(.tlsClientCAFile, $0, &settings) }
        guard let certificates, let privateKey else {
            identity = nil
            return
        }
        do throws(TLSError) {
            identity = try TLSIdentity(
                certificates: certificates,
                privateKey: privateKey,
                clientAuthorities: clientAuthorities ?? nil
            )
        } catch {
            let path =
                switch error {
                case .missing(.clientAuthorities), .malformed(.clientAuthorities, _):
                    authorities ?? ""
                case .missing(.privateKey), .malformed(.privateKey, _), .encryptedKey, .keyMismatch:
                    key
                default: certificate
                }
            settings.report(.tls(.unusable(path: path, error)))
            identity = nil
        }
    }

    /// What an operator should know of an identity that can be used.
    package var warnings: [String] {
        identity?.isOutOfDate == true
            ? ["the certificate of --\(Setting.tlsCertificateFile.rawValue) is out of date"] : []
    }

    private static func read(
        _ setting: Setting,
        _ path: String,
        _ settings: inout SettingsReader
    ) -> [UInt8]? {
        do throws(FileError) {
            return try FileContent(ofFileAt: path, byteCountMax: byteCountMax).bytes
        } catch {
            settings.report(.value(.unreadable(setting, error)))
            return nil
        }
    }

    private static func readKey(_ path: String, _ settings: inout SettingsReader) -> [UInt8]? {
        do throws(KeyFileError) {
            return Array(try KeyFile(path: path).readText().utf8)
        } catch {
            settings.report(.secret(.file(error)))
            return nil
        }
    }
}

/// Why a server cannot speak TLS as it is told to.
package enum TLSMistake: Hashable, Sendable {
    /// The other half is set.
    case without(Setting)
    case unusable(path: String, TLSError)
}

extension TLSMistake: CustomStringConvertible {
    package var description: String {
        switch self {
        case .without(let setting):
            """
            --\(Setting.tlsCertificateFile.rawValue) and --\(Setting.tlsKeyFile.rawValue) belong \
            together; --\(setting.rawValue) is missing
            """
        case .unusable(let path, let error): "\(path.quoted): \(error)"
        }
    }
}
