internal import Glibc

// What a file is called while it is open.
extension AppendedFile {
    /// Returns once the file's name is on the disk: a file that was made a moment ago survives a
    /// power cut only then.
    public func synchronizeName() throws(LibuvError) {
        try FileReplacement.synchronizeName(of: FileReplacement.target(of: path))
    }

    /// Frees the path: the file is called as before with `suffix` behind, and written to as before.
    ///
    /// Nothing happens where the path leads to another file by now, or to none.
    ///
    /// - Throws: ``LibuvError``: the directory is closed to us, or its disk fails.
    public func setAside(as suffix: String) throws(LibuvError) {
        guard try hasPath() else { return }
        let target = FileReplacement.target(of: path)
        let new = target + suffix
        try checkSystemCall(unsafe rename(target, new), "rename \(target) to \(new)")
        try FileReplacement.synchronizeName(of: target)
    }

    /// Removes the file, unless the path leads to another by now, or to none.
    public func remove() throws(LibuvError) {
        guard try hasPath() else { return }
        let target = FileReplacement.target(of: path)
        try checkSystemCall(unsafe unlink(target), "remove \(target)")
    }

    private func hasPath() throws(LibuvError) -> Bool {
        let own = try state()
        let named: FileState
        do throws(LibuvError) {
            named = try FileState(ofFileAt: path)
        } catch {
            guard error.name == "ENOENT" else { throw error }
            return false
        }
        return (named.device, named.inode) == (own.device, own.inode)
    }
}
