import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("A server that has stopped")
struct ServerLifeTests {
    /// Knows an object for as long as somebody else does.
    private final class Trace: @unchecked Sendable {
        weak var object: AnyObject?
    }

    @Test(arguments: [1, 2])
    func `A server that has stopped is gone, with all that it was made of`(loopCount: Int)
        async throws
    {
        let trace = Trace()
        let changes = Trace()
        try await withServer(loopCount: loopCount) { server in
            trace.object = server.server
            changes.object = server.changes
            let response = try server.exchange(.modern("tools/list"), token: token())
            #expect(response.status == 200)
        }
        #expect(trace.object == nil)
        #expect(changes.object == nil)
    }
}
