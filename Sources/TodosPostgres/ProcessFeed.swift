/// Something that processes tell each other through a table.
///
/// Confined to its loop's thread.
protocol ProcessFeed: AnyObject {
    /// What `NOTIFY` says before the number.
    var letter: Character { get }

    /// Another process has said a number.
    func didHear(_ number: Int64)

    /// A time has passed in which nothing could be heard.
    func catchUp(seconds: UInt64)

    /// Looks at the table; called every second where nothing is heard.
    func poll()

    /// Looks again, if a look has failed; called every second where something is heard.
    func retry()
}
