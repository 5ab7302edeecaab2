/// Bounds of adding many to-dos at once.
public enum TodoImport {
    /// Titles that one write adds at most.
    public static let titleCountMax = 1_000

    /// Titles that are looked through in one turn of the loop.
    public static let checkedTogetherCount = 100
}
