internal import Foundation

/// Which seeds a simulation plays: those that `MARTLET_SIMULATION_SEEDS` names, one or a range.
public enum SimulationSeeds {
    public static func chosen(orElse ordinary: ClosedRange<UInt64>) -> [UInt64] {
        guard let text = ProcessInfo.processInfo.environment["MARTLET_SIMULATION_SEEDS"] else {
            return Array(ordinary)
        }
        let bounds = text.split(separator: "-").compactMap { UInt64($0) }
        guard let first = bounds.first, let last = bounds.last, first <= last else { return [] }
        return Array(first...last)
    }
}
