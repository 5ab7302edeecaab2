/// One SQL statement.
public struct PostgresStatement: Hashable, Sendable {
    /// What a connection has prepared it under; `nil` for what runs too seldom to be prepared.
    ///
    /// No other statement is ever prepared under it, by whichever release of this program: not even
    /// a connection that is unexpectedly shared carries out another than was meant.
    public let name: String?

    public let sql: String

    /// What the statement does, for its errors: "list to-dos".
    public let operation: String

    /// - Parameters:
    ///   - sql: One statement, with parameters `$1`, `$2`, …
    ///   - name: How ``name`` begins; that ends with a digest of the statement.
    ///   - operation: What it does, as it reads in a sentence.
    public init(_ sql: String, name: String? = nil, to operation: String) {
        self.sql = sql
        self.name = name.map { "\($0)_\(Self.digest(of: sql))" }
        self.operation = operation
    }

    /// FNV-1a in 64 bits, which tells statements apart that nobody chose to collide.
    private static func digest(of sql: String) -> String {
        let hash = sql.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        return String(hash, radix: 36)
    }

    /// The statement with values for its parameters.
    public func callAsFunction(_ parameters: PostgresValue...) -> PostgresCall {
        PostgresCall(statement: self, parameters: parameters)
    }
}

/// A statement with values for its parameters.
public struct PostgresCall: Hashable, Sendable {
    public let statement: PostgresStatement
    public let parameters: [PostgresValue]

    public init(statement: PostgresStatement, parameters: [PostgresValue]) {
        self.statement = statement
        self.parameters = parameters
    }
}

/// A value in PostgreSQL's text format, for a parameter whose type the statement tells.
public struct PostgresValue: Hashable, Sendable {
    /// `nil` stands for NULL.
    let text: String?

    /// A text, of which PostgreSQL is shown U+0000 as ``PostgresRows`` reads it.
    public init(_ text: String?) {
        self.text = text.map { ZeroCharacter.encode($0) }
    }

    public init(_ number: Int64) {
        text = String(number)
    }

    public init(_ boolean: Bool) {
        text = boolean ? "t" : "f"
    }

    /// An array of texts, some of which may be NULL
    /// (<https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO>).
    public init(array texts: some Sequence<String?>) {
        var array = "{"
        for text in texts {
            if array.utf8.count > 1 { array.append(",") }
            guard let text else {
                array.append("NULL")
                continue
            }
            array.append("\"")
            // By scalar: a combining mark behind a quotation mark makes one character of both.
            for scalar in ZeroCharacter.encode(text).unicodeScalars {
                if scalar == "\"" || scalar == "\\" { array.append("\\") }
                array.unicodeScalars.append(scalar)
            }
            array.append("\"")
        }
        array.append("}")
        text = array
    }

    public init(array numbers: some Sequence<Int64?>) {
        text = "{\(numbers.map { $0.map { String($0) } ?? "NULL" }.joined(separator: ","))}"
    }

    public init(array booleans: some Sequence<Bool?>) {
        text = "{\(booleans.map { $0.map { $0 ? "t" : "f" } ?? "NULL" }.joined(separator: ","))}"
    }
}
