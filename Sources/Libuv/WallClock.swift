internal import CLibuv
internal import Glibc

/// The time of day.
public enum WallClock {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    ///
    /// The coarse clock is read from memory that the kernel keeps up to date every few
    /// milliseconds; no system call is made.
    public static func secondsSinceEpoch() -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME_COARSE, &time)
        return Int64(time.tv_sec)
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z, by the precise clock; 0 before that.
    public static func nanosecondsSinceEpoch() -> UInt64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, by the same clock.
    public static func millisecondsSinceEpoch() -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME_COARSE, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
