import Bytes
import TLS
import Testing

@Suite("TLS before anything is agreed")
struct TLSSessionTests {
    private static let identity = Result {
        try TLSIdentity(certificates: TestMaterial.certificate, privateKey: TestMaterial.key)
    }

    /// All that follows from bytes, and the error in the end, if there is one.
    private func receive(
        _ bytes: [UInt8],
        _ session: TLSSession
    ) -> (events: [TLSSession.Event], error: TLSError?) {
        var events: [TLSSession.Event] = []
        var failure: TLSError?
        var buffer = [UInt8](repeating: 0, count: TLSSession.plaintextByteCountMax)
        session.withInput(bytes.span) {
            do throws(TLSError) {
                repeat {
                    events.append(try session.next(into: &buffer))
                } while events.last != .needsMoreInput
            } catch {
                failure = error
            }
        }
        return (events, failure)
    }

    @Test func `A greeting in pieces is awaited to its end`() throws {
        let session = try TLSSession(Self.identity.get())
        // The beginning of a record of 512 bytes with a ClientHello.
        for byte in [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC] as [UInt8] {
            let (events, error) = receive([byte], session)
            #expect(events == [.needsMoreInput])
            #expect(error == nil)
        }
        #expect(session.output.isEmpty)
    }

    @Test(arguments: [
        Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8),
        Array("\0\0\0\0\0\0\0\0\0\0\0\0".utf8),
        [UInt8](repeating: 0xFF, count: 100),
        // A record longer than any.
        [0x16, 0x03, 0x01, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 100),
    ])
    func `What is not TLS fails, and goes on failing quietly`(bytes: [UInt8]) throws {
        let session = try TLSSession(Self.identity.get())
        let (_, error) = receive(bytes, session)
        guard case .handshake(let reason) = error else {
            Issue.record("no failure of a handshake: \(String(describing: error))")
            return
        }
        #expect(!reason.isEmpty)
        let (events, again) = receive(bytes, session)
        #expect(events == [.needsMoreInput])
        #expect(again == nil)
        session.finishWriting()
    }

    @Test func `Whatever comes before a handshake, nothing is trusted and nothing traps`() throws {
        for _ in 0..<500 {
            let session = try TLSSession(Self.identity.get())
            var bytes: [UInt8] = [0x16, 0x03, 0x01, 0x00, .random(in: 0...255), 0x01, 0x00, 0x00]
            bytes += (0..<Int.random(in: 0...300)).map { _ in UInt8.random(in: 0...255) }
            let (events, _) = receive(bytes, session)
            #expect(!events.contains(.established))
        }
    }
}
