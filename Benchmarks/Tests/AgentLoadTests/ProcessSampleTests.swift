import AgentLoad
import Glibc
import Testing

@Suite("What processes use (proc(5))")
struct ProcessSampleTests {
    private func line(_ name: String) -> String {
        // pid (name) state ppid … utime is field 14, stime 15, rss 24.
        let before = (4...13).map { "\($0)" }.joined(separator: " ")
        let between = (16...23).map { "\($0)" }.joined(separator: " ")
        return "4711 (\(name)) S \(before) 250 50 \(between) 3 25 26"
    }

    @Test(arguments: ["martlet", "a (b) c", ") S 1 2"])
    func `A process may be called anything`(name: String) throws {
        let sample = try #require(ProcessSample(stat: line(name)))
        let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        #expect(sample.userSeconds == 250 / ticksPerSecond)
        #expect(sample.kernelSeconds == 50 / ticksPerSecond)
        #expect(sample.residentBytes == 3 * sysconf(Int32(_SC_PAGESIZE)))
    }

    @Test(arguments: ["", "4711", "4711 (x) S 1 2 3"])
    func `What is no such line is no sample`(text: String) {
        #expect(ProcessSample(stat: text) == nil)
    }

    @Test func `A process that has ended counts for nothing`() {
        let own = ProcessSample.of([getpid()])
        #expect(own.residentBytes > 0)
        #expect(ProcessSample.exists(getpid()))
        #expect(!ProcessSample.exists(-1))
        #expect(ProcessSample.of([-1]) == ProcessSample())
    }
}
