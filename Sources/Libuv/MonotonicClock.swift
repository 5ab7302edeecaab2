internal import CLibuv

/// A clock that never goes back (`CLOCK_MONOTONIC`).
public enum MonotonicClock {
    /// Nanoseconds since some time before the process began; read from memory, without a system
    /// call.
    public static func nanoseconds() -> UInt64 { uv_hrtime() }

    /// Microseconds since some time before the process began.
    public static func microseconds() -> UInt64 {
        uv_hrtime() / 1_000
    }
}
