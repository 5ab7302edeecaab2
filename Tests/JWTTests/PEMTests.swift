import Bytes
import JWT
import Testing

@Suite("Keys as PEM documents (RFC 7468)")
struct PEMTests {
    private let vectors: SignatureVectors

    init() throws {
        vectors = try SignatureVectors.load()
    }

    @Test func `Every form that others write gives the same public key`() throws {
        for key in vectors.keys {
            let algorithm = try #require(key.algorithms.first)
            let wanted = try KeyMaterial(jwk: key.jwk().span)
            #expect(key.pem.count >= 2)
            for (form, text) in key.pem {
                let material = try KeyMaterial(pem: text, algorithm: algorithm)
                #expect(material == wanted, "\(key.name) \(form)")
            }
        }
    }

    @Test func `Every private form that others write signs what its public half verifies`() throws {
        for key in vectors.keys {
            for (form, text) in key.pem where !["spki", "pkcs1Public"].contains(form) {
                let signing = try SigningKey(pem: text)
                #expect(signing.keyID == key.thumbprint, "\(key.name) \(form)")
                #expect(signing.algorithm == key.algorithms.first)
            }
            for form in ["spki", "pkcs1Public"] {
                guard let text = key.pem[form] else { continue }
                #expect(throws: KeyError.notPrivate) { try SigningKey(pem: text) }
            }
        }
    }

    @Test func `A key written as PEM is the same that others write, and reads back`() throws {
        for key in vectors.keys {
            let signing = try SigningKey(pem: try #require(key.pem["pkcs8"]))
            #expect(signing.pem == key.pem["pkcs8"], "\(key.name)")
            #expect(signing.publicPEM == key.pem["spki"], "\(key.name)")
        }
    }

    @Test func `A key is refused for an algorithm that does not work with it`() throws {
        for key in vectors.keys {
            let text = try #require(key.pem["spki"])
            for algorithm in SignatureAlgorithm.allCases
            where !key.algorithms.contains(algorithm) {
                let kind = try #require(key.algorithms.first?.keyKind)
                #expect(throws: KeyError.algorithmDoesNotFit(algorithm, kind)) {
                    try KeyMaterial(pem: text, algorithm: algorithm)
                }
            }
        }
    }

    @Test func `Encrypted keys, certificates and other blocks are refused with the remedy`() throws
    {
        let wanted: [(String, KeyError, remedy: String)] = [
            (try vectors.key("RSA").encryptedPEM, .encryptedPEM, "openssl pkey"),
            (block("CERTIFICATE"), .certificate, "openssl x509"),
            (block("DSA PRIVATE KEY"), .unsupportedPEMLabel, "PUBLIC KEY"),
            (block("OPENSSH PRIVATE KEY"), .unsupportedPEMLabel, "PUBLIC KEY"),
            (
                block("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\nAAAA"),
                .encryptedPEM, "openssl pkey"
            ),
        ]
        for (text, reason, remedy) in wanted {
            #expect(throws: reason) { try KeyMaterial(pem: text, algorithm: .rs256) }
            #expect(reason.description.contains(remedy))
        }
    }

    @Test func `A block that is damaged is refused`() throws {
        let text = try #require(try vectors.key("P-256").pem["spki"])
        let damaged = [
            "", "no key", text.replacing("-----BEGIN", with: "----BEGIN"),
            text.replacing("-----END", with: "----END"),
            text.replacing("END PUBLIC", with: "END PRIVATE"),
            text.replacing("M", with: "?"), text.replacing("\n-----END", with: "=A\n-----END"),
            block("PUBLIC KEY", ""), block("PUBLIC KEY", "MFkw-_"),
        ]
        for text in damaged {
            #expect(throws: KeyError.notPEM) { try KeyMaterial(pem: text, algorithm: .es256) }
        }
        for label in ["PUBLIC KEY", "PRIVATE KEY", "RSA PUBLIC KEY", "EC PRIVATE KEY"] {
            #expect(throws: KeyError.damagedPEM) {
                try KeyMaterial(pem: block(label, "MAAA"), algorithm: .es256)
            }
        }
    }

    @Test func `Text around the block and parameters before it are passed over`() throws {
        let key = try vectors.key("P-256")
        let text = try #require(key.pem["sec1"])
        let around =
            "Bag Attributes\r\n" + block("EC PARAMETERS", "BggqhkjOPQMBBw==") + text + "after"
        #expect(try KeyMaterial(pem: around, algorithm: .es256).thumbprint == key.thumbprint)
        let carriageReturns = text.replacing("\n", with: "\r\n")
        #expect(
            try KeyMaterial(pem: carriageReturns, algorithm: .es256).thumbprint == key.thumbprint
        )
    }

    @Test func `2,000 mutated documents never trap, and give no other key that is half wrong`()
        throws
    {
        var generator = SeededGenerator(seed: 7_468)
        let texts = vectors.keys.flatMap { key in key.pem.values.sorted().map { (key, $0) } }
        var readCount = 0
        for round in 0..<2_000 {
            let (key, text) = texts[round % texts.count]
            var bytes = Array(text.utf8)
            let index = Int.random(in: 30..<(bytes.count - 30), using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[index] = Array("ABCDabcd0189+/=".utf8)[index % 15]
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(bytes[index], at: index)
            default: bytes.removeSubrange(index..<(index + 4))
            }
            let mutant = String(decoding: bytes, as: UTF8.self)
            do {
                let signing = try SigningKey(pem: mutant, algorithm: key.algorithms.first)
                // Whatever was read belongs together: `init` signs and verifies once.
                #expect(signing.keyID != nil)
                readCount += 1
            } catch {
                #expect(!error.description.isEmpty)
            }
            do {
                _ = try KeyMaterial(pem: mutant, algorithm: key.algorithms[0]).makeKey()
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
        #expect(readCount < 1_000)
    }

    private func block(_ label: String, _ content: String = "AAAA") -> String {
        "-----BEGIN \(label)-----\n\(content)\n-----END \(label)-----\n"
    }
}
