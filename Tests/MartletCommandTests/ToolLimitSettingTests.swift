import Martlet
import MartletCommand
import Testing

@Suite("Limits on tools as settings say them")
struct ToolLimitSettingTests {
    @Test func `A rate and a burst are read, and without a burst it is the rate`() {
        #expect(ToolLimit("add_todo=5:20")?.limit == RateLimit(perSecond: 5, burst: 20))
        #expect(ToolLimit("add_todo=5")?.limit == RateLimit(perSecond: 5, burst: 5))
        #expect(ToolLimit("add_todo=100000:1")?.tool == "add_todo")
    }

    @Test(arguments: [
        "", "add_todo", "=5", "add_todo=", "add_todo=0", "add_todo=100001", "add_todo=5:",
        "add_todo=5:0", "add_todo=5:1:1", "add_todo=+5", "add_todo=5:-1", "add_todo=5.5",
        "add_todo=99999999999999999999",
    ])
    func `What is no limit is refused`(text: String) {
        #expect(ToolLimit(text) == nil)
    }
}
