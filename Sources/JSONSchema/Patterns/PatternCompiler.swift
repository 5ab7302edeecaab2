/// Turns a regular expression into the program of a ``Pattern``.
///
/// Counted repetitions are written out, which is what ``Pattern/instructionCountMax`` bounds.
struct PatternCompiler {
    private(set) var instructions: [Pattern.Instruction] = []
    private(set) var sets: [ScalarSet] = []

    mutating func compile(_ node: PatternNode) throws(PatternError) {
        try emit(node)
        try append(.match)
    }

    private mutating func append(_ instruction: Pattern.Instruction) throws(PatternError) {
        guard instructions.count < Pattern.instructionCountMax else {
            throw PatternError(
                .tooLarge(instructionCountMax: Pattern.instructionCountMax),
                offset: 0
            )
        }
        instructions.append(instruction)
    }

    private mutating func emit(_ node: PatternNode) throws(PatternError) {
        switch node {
        case .empty: break
        case .scalar(let value): try append(.scalar(value))
        case .set(let set):
            try append(.set(sets.count))
            sets.append(set)
        case .assertion(let assertion): try append(.assertion(assertion))
        case .sequence(let nodes): for node in nodes { try emit(node) }
        case .alternatives(let nodes): try emit(alternatives: nodes)
        case .repetition(let body, let min, let max):
            try emit(repetitionOf: body, min: min, max: max)
        }
    }

    private mutating func emit(alternatives nodes: [PatternNode]) throws(PatternError) {
        var jumps: [Int] = []
        for (index, node) in nodes.enumerated() {
            guard index < nodes.count - 1 else {
                try emit(node)
                break
            }
            let split = instructions.count
            try append(.split(0, 0))
            try emit(node)
            jumps.append(instructions.count)
            try append(.jump(0))
            instructions[split] = .split(split + 1, instructions.count)
        }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
    }

    private mutating func emit(
        repetitionOf body: PatternNode,
        min: Int,
        max: Int?
    ) throws(PatternError) {
        var lastStart = instructions.count
        for _ in 0..<min {
            lastStart = instructions.count
            try emit(body)
            // What is empty stays so however often it is repeated; and writing nothing a
            // thousand million times would take its time.
            if instructions.count == lastStart { return }
        }
        guard let max else {
            if min > 0 {
                let split = instructions.count
                try append(.split(lastStart, split + 1))
            } else {
                try emit(starOf: body)
            }
            return
        }
        var splits: [Int] = []
        for _ in min..<max {
            let split = instructions.count
            try append(.split(0, 0))
            try emit(body)
            if instructions.count == split + 1 {
                instructions.removeLast()
                break
            }
            splits.append(split)
        }
        for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    }

    private mutating func emit(starOf body: PatternNode) throws(PatternError) {
        let split = instructions.count
        try append(.split(0, 0))
        try emit(body)
        try append(.jump(split))
        instructions[split] = .split(split + 1, instructions.count)
    }
}
