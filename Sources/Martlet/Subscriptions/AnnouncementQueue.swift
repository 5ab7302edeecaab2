/// Announcements that somebody has still to be told of, each once, in the order they were made.
struct AnnouncementQueue {
    /// How many there can be; what is beyond it is not told.
    private static let countMax = 10_000

    private var announcements: [ChangeAnnouncer.Announcement] = []
    private var known: Set<ChangeAnnouncer.Announcement> = []

    var isEmpty: Bool { announcements.isEmpty }

    mutating func append(_ announcement: ChangeAnnouncer.Announcement) {
        guard announcements.count < Self.countMax, known.insert(announcement).inserted else {
            return
        }
        announcements.append(announcement)
    }

    mutating func takeAll() -> [ChangeAnnouncer.Announcement] {
        defer { self = AnnouncementQueue() }
        return announcements
    }
}
