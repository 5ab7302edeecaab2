import Martlet
import MartletCommand
import Testing

@Suite("What the protocol keeps for clients, as it is set")
struct ProtocolSettingsTests {
    @Test func `Every setting reaches the server`() throws {
        var tasks = TaskLimits()
        tasks.lifetimeSeconds = 44
        tasks.runSeconds = 33
        tasks.pollIntervalMilliseconds = 555
        tasks.runningCountMax = 66
        tasks.perSubjectCountMax = 77
        tasks.countMax = 88
        tasks.resultByteCountMax = 9_999
        let configuration = try configuration([
            .streamsPerSubjectMax: ["11"], .clientAnswerSeconds: ["22"], .listPageMax: ["12"],
            .taskLifetimeSeconds: ["44"], .taskRunSeconds: ["33"],
            .taskPollMilliseconds: ["555"], .tasksRunningMax: ["66"],
            .tasksPerSubjectMax: ["77"], .tasksMax: ["88"], .taskResultMax: ["9999"],
        ])
        #expect(configuration.taskLimits == tasks)
        #expect(configuration.streamsPerSubjectMax == 11)
        #expect(configuration.clientAnswerSeconds == 22)
        #expect(configuration.listPageCountMax == 12)
    }

    @Test func `What nobody sets is what the library has`() throws {
        let configuration = try configuration([:])
        #expect(configuration.taskLimits == TaskLimits())
        let library = ServerConfiguration(addresses: [], issuers: [], sealKey: .random())
        #expect(configuration.streamsPerSubjectMax == library.streamsPerSubjectMax)
        #expect(configuration.clientAnswerSeconds == library.clientAnswerSeconds)
        #expect(configuration.listPageCountMax == library.listPageCountMax)
    }

    @Test func `No tool may work longer than its task is kept`() {
        let lifetime: [Setting: [String]] = [.taskLifetimeSeconds: ["100"]]
        func mistakes(_ seconds: Int) -> [SettingMistake] {
            read(lifetime.merging([.taskRunSeconds: ["\(seconds)"]]) { $1 }).mistakes
        }
        #expect(mistakes(100).isEmpty)
        #expect(
            mistakes(101) == [
                .value(.outOfOrder(.taskRunSeconds, 101, .taskLifetimeSeconds, 100))
            ]
        )
    }

    @Test func `A time to work that nobody set ends with the task`() throws {
        let configuration = try configuration([.taskLifetimeSeconds: ["100"]])
        #expect(configuration.taskLimits.runSeconds == 100)
    }

    private func configuration(_ flags: [Setting: [String]]) throws -> ServerConfiguration {
        let (settings, mistakes) = read(flags)
        #expect(mistakes.isEmpty)
        return try settings.configuration(secret: nil, sealKey: .random())
    }

    private func read(
        _ flags: [Setting: [String]]
    ) -> (settings: ServeSettings, mistakes: [SettingMistake]) {
        var reader = SettingsReader(flags: flags, environment: [:])
        let settings = ServeSettings(&reader, isDevelopment: true, descriptorCountMax: 20_000)
        return (settings, reader.mistakes)
    }
}
