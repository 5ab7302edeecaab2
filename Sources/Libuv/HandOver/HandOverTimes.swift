/// How long the two processes of a hand-over wait for each other.
package struct HandOverTimes: Sendable {
    /// For whoever comes to say what for.
    package var greetingMillisecondsMax: Int32 = 5_000

    /// For a successor that has the sockets to be ready: it may have to wait for its database.
    package var startMillisecondsMax: Int32 = 300_000

    /// For a process that serves to hand its sockets over.
    package var answerMillisecondsMax: Int32 = 10_000

    package init() {}
}
