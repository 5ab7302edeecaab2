import TLS
import Testing

@Suite("A server's certificate and key")
struct TLSIdentityTests {
    private func error(
        _ certificates: [UInt8] = TestMaterial.certificate,
        _ key: [UInt8] = TestMaterial.key,
        _ authorities: [UInt8]? = nil
    ) -> TLSError? {
        #expect(throws: TLSError.self) {
            try TLSIdentity(
                certificates: certificates,
                privateKey: key,
                clientAuthorities: authorities
            )
        }
    }

    @Test func `A certificate, what leads to its authority, and its key make an identity`() throws {
        let chain = TestMaterial.certificate + TestMaterial.authority
        let identity = try TLSIdentity(
            certificates: chain,
            privateKey: TestMaterial.key,
            clientAuthorities: TestMaterial.authority
        )
        #expect(!identity.isOutOfDate)
    }

    @Test func `A certificate whose time is over is told`() throws {
        let identity = try TLSIdentity(
            certificates: TestMaterial.expiredCertificate,
            privateKey: TestMaterial.key
        )
        #expect(identity.isOutOfDate)
    }

    @Test func `A key of another certificate is refused`() {
        #expect(error(TestMaterial.certificate, TestMaterial.otherKey) == .keyMismatch)
    }

    @Test func `A key under a passphrase is refused, and nobody is asked for it`() {
        #expect(error(TestMaterial.certificate, TestMaterial.encryptedKey) == .encryptedKey)
    }

    @Test func `What is missing is named`() {
        #expect(error([]) == .missing(.certificate))
        #expect(error(TestMaterial.key) == .missing(.certificate))
        #expect(error(TestMaterial.certificate, []) == .missing(.privateKey))
        #expect(
            error(TestMaterial.certificate, TestMaterial.certificate) == .missing(.privateKey)
        )
        #expect(
            error(TestMaterial.certificate, TestMaterial.key, Array("none".utf8))
                == .missing(.clientAuthorities)
        )
    }

    @Test func `What is mangled is named with a reason`() {
        var mangled = TestMaterial.certificate
        mangled[100] = mangled[100] == 0x41 ? 0x42 : 0x41
        mangled.removeSubrange(200..<210)
        guard case .malformed(.certificate, let reason) = error(mangled) else {
            Issue.record("a mangled certificate was not refused as one")
            return
        }
        #expect(!reason.isEmpty)
        var key = TestMaterial.key
        key.removeSubrange(60..<64)
        guard case .malformed(.privateKey, _) = error(TestMaterial.certificate, key) else {
            Issue.record("a mangled key was not refused as one")
            return
        }
        // A good one does not make up for a bad one behind it.
        guard case .malformed(.certificate, _) = error(TestMaterial.certificate + mangled) else {
            Issue.record("a mangled certificate in a chain was not refused")
            return
        }
    }
}
