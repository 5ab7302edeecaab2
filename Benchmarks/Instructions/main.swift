import CCallgrind
import Glibc
import HotPaths

// Runs every hot path under callgrind, which counts instructions; see `Benchmarks/instructions`.
//
// Without callgrind it only proves that the paths do what they should. For each path it writes
// `NAME<tab>ITERATIONS`; the counts of callgrind are dumped under the name.

let runner = try HotPathRunner()
do {
    try runner.waitFor {
        for path in HotPath.all {
            try await runner.prepare(path)
            // What is made once, such as the metadata of generic types, is made here.
            try await runner.run(max(1, path.countedIterations / 10))
            ccallgrind_zero()
            try await runner.run(path.countedIterations)
            ccallgrind_dump(path.name)
            print("\(path.name)\t\(path.countedIterations)")
        }
    }
} catch {
    print("cannot count: \(error)")
    exit(1)
}
exit(0)
