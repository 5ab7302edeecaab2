internal import CLibuv

/// A clock that never goes back (`CLOCK_MONOTONIC`).
public enum MonotonicClock {
    /// Microseconds since some time before the process began.
    public static func microseconds() -> UInt64 {
        uv_hrtime() / 1_000
    }
}
