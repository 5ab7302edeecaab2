import Glibc

// libFuzzer has the program's `main` and calls these two by their names
// (<https://llvm.org/docs/LibFuzzer.html#fuzz-target>).

/// Where a process that libFuzzer starts for a part of its work finds the name of the target.
private let targetVariable = "MARTLET_FUZZ_TARGET"

/// Takes the name of the target from the arguments: `fuzz TARGET [OPTION | CORPUS ...]`.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
    let first = count.pointee > 1 ? arguments.pointee[1].map { String(cString: $0) } : nil
    if let target = Target.all.first(where: { $0.name == first }) {
        Target.current = target
        setenv(targetVariable, target.name, 1)
        // The program's name takes the place of the target's.
        arguments.pointee[1] = arguments.pointee[0]
        arguments.pointee += 1
        count.pointee -= 1
        return 0
    }
    let inherited = getenv(targetVariable).map { String(cString: $0) }
    guard let target = Target.all.first(where: { $0.name == inherited }) else {
        let names = Target.all.map(\.name).joined(separator: ", ")
        print("usage: fuzz TARGET [OPTION OF LIBFUZZER | CORPUS ...]\ntargets: \(names)")
        exit(64)
    }
    Target.current = target
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func run(_ data: UnsafePointer<UInt8>, _ byteCount: Int) -> CInt {
    Target.current.run(Array(UnsafeBufferPointer(start: data, count: byteCount)))
    return 0
}
