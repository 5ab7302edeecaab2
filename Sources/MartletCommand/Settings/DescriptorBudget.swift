/// How many of a process's descriptors are left for connections.
package struct DescriptorBudget: Hashable, Sendable {
    /// The limit on open files.
    package let countMax: Int

    /// What the server needs for itself: its loops, listening sockets, database and output, with
    /// room to spare, so that it can always open what it must.
    package let reservedCount: Int

    package init(
        countMax: Int,
        loopCount: Int,
        addressCount: Int,
        databaseDescriptorsPerLoop: Int = 0
    ) {
        self.countMax = countMax
        reservedCount = 64 + loopCount * (16 + addressCount + databaseDescriptorsPerLoop)
    }

    package var connectionCountMax: Int { max(0, countMax - reservedCount) }
}
