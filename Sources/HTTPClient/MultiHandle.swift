internal import CCurl
internal import Libuv

/// libcurl's multi interface, driven by one event loop.
///
/// libcurl says which sockets to watch and when it wants to be called; the loop tells it what became
/// ready (<https://curl.se/libcurl/c/libcurl-multi.html>, "multi_socket"). Nothing completes within
/// ``add(_:)``, so whoever adds is never called back meanwhile.
///
/// Confined to the loop's thread. It lives until ``close()``.
@safe
final class MultiHandle {
    private let loop: EventLoop
    private let handle: UnsafeMutableRawPointer
    private let didComplete: (EasyHandle, CURLcode) -> Void
    private let didBreak: () -> Void
    private var transfers: [UnsafeMutableRawPointer: EasyHandle] = unsafe [:]
    private var watchers: [CInt: DescriptorWatcher] = [:]
    private var timer: OneShotTimer?

    /// - Parameters:
    ///   - loop: The loop whose thread calls this.
    ///   - idleConnectionCountMax: Connections kept for the next request to the same server.
    ///   - didBreak: Told when libcurl can go on with none of its transfers; they must be removed.
    ///   - didComplete: Told of each handle that is done, successful or not; it must be removed.
    init(
        on loop: EventLoop,
        idleConnectionCountMax: Int,
        didBreak: @escaping () -> Void,
        didComplete: @escaping (EasyHandle, CURLcode) -> Void
    ) {
        Curl.prepare()
        guard let handle = unsafe curl_multi_init() else {
            preconditionFailure("no memory for libcurl")
        }
        self.loop = loop
        unsafe self.handle = unsafe handle
        self.didComplete = didComplete
        self.didBreak = didBreak
        // The timer holds on to this object, as libuv does to the timer, until it is closed.
        timer = OneShotTimer(on: loop) { [self] in didTimeOut() }
        configure(idleConnectionCountMax: idleConnectionCountMax)
    }

    private func configure(idleConnectionCountMax: Int) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        let statuses = unsafe [
            ccurl_multi_set_socket_function(handle, onSocketInterest),
            ccurl_multi_set_pointer(handle, CURLMOPT_SOCKETDATA, context),
            ccurl_multi_set_timer_function(handle, onTimerInterest),
            ccurl_multi_set_pointer(handle, CURLMOPT_TIMERDATA, context),
            ccurl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, idleConnectionCountMax),
        ]
        precondition(statuses.allSatisfy { $0 == CURLM_OK }, "options of every libcurl in use")
    }

    /// Begins a transfer, in a later turn of the loop.
    func add(_ easy: EasyHandle) throws(CurlError) {
        let status = unsafe curl_multi_add_handle(handle, easy.handle)
        guard status == CURLM_OK else { throw CurlError(code: CURLE_FAILED_INIT) }
        unsafe transfers[easy.handle] = easy
    }

    /// Ends a transfer that has completed, or gives it up.
    func remove(_ easy: EasyHandle) {
        unsafe transfers[easy.handle] = nil
        let status = unsafe curl_multi_remove_handle(handle, easy.handle)
        precondition(status == CURLM_OK, "a transfer is removed from the handle it was added to")
    }

    /// Closes every connection.
    ///
    /// - Precondition: All transfers have been removed.
    func close() {
        guard let timer else { return }
        // libcurl takes back its interest in each socket before it closes it.
        let status = unsafe curl_multi_cleanup(handle)
        precondition(status == CURLM_OK, "a multi handle is closed once")
        for watcher in watchers.values { watcher.close() }
        watchers = [:]
        timer.close()
        self.timer = nil
    }

    private func didTimeOut() {
        guard timer != nil else { return }
        var runningCount: CInt = 0
        finishTurn(unsafe ccurl_multi_run_timeouts(handle, &runningCount))
    }

    private func didBecomeReady(_ descriptor: CInt, for readiness: DescriptorWatcher.Readiness) {
        guard timer != nil else { return }
        var events: CInt = 0
        if readiness.contains(.readable) { events |= CURL_CSELECT_IN }
        if readiness.contains(.writable) { events |= CURL_CSELECT_OUT }
        if readiness.contains(.failed) { events |= CURL_CSELECT_ERR }
        var runningCount: CInt = 0
        finishTurn(unsafe curl_multi_socket_action(handle, descriptor, events, &runningCount))
    }

    private func finishTurn(_ status: CURLMcode) {
        guard status == CURLM_OK else { return didBreak() }
        // What is told may remove handles and add others, so libcurl's list is read to its end first.
        var completed: [(easy: EasyHandle, code: CURLcode)] = []
        var remainingCount: CInt = 0
        while let message = unsafe curl_multi_info_read(handle, &remainingCount) {
            guard unsafe message.pointee.msg == CURLMSG_DONE,
                let handle = unsafe message.pointee.easy_handle,
                let easy = unsafe transfers[handle]
            else { continue }
            completed.append((easy, unsafe message.pointee.data.result))
        }
        for (easy, code) in completed { didComplete(easy, code) }
    }

    /// - Returns: Whether the socket is now watched as libcurl wants it.
    fileprivate func watch(_ descriptor: CInt, for interest: CInt) -> Bool {
        let wanted: DescriptorWatcher.Readiness
        switch interest {
        case CURL_POLL_IN: wanted = .readable
        case CURL_POLL_OUT: wanted = .writable
        case CURL_POLL_INOUT: wanted = [.readable, .writable]
        case CURL_POLL_NONE: wanted = []
        default:
            watchers.removeValue(forKey: descriptor)?.close()
            return true
        }
        do throws(LibuvError) {
            try watcher(of: descriptor).watch(for: wanted)
            return true
        } catch {
            return false
        }
    }

    private func watcher(of descriptor: CInt) throws(LibuvError) -> DescriptorWatcher {
        if let watcher = watchers[descriptor] { return watcher }
        let watcher = try DescriptorWatcher(descriptor, on: loop) { [unowned self] readiness in
            didBecomeReady(descriptor, for: readiness)
        }
        watchers[descriptor] = watcher
        return watcher
    }

    fileprivate func wake(afterMilliseconds milliseconds: Int) {
        if milliseconds < 0 {
            timer?.stop()
        } else {
            timer?.start(afterMilliseconds: UInt64(milliseconds))
        }
    }
}

// libcurl calls back on the loop's thread, within a call of this file. Zero is success; anything else
// ends all transfers of the handle.

private let onSocketInterest: curl_socket_callback = { _, descriptor, interest, context, _ in
    guard let context = unsafe context else { return -1 }
    let multi = unsafe Unmanaged<MultiHandle>.fromOpaque(context).takeUnretainedValue()
    return multi.watch(descriptor, for: interest) ? 0 : -1
}

private let onTimerInterest: curl_multi_timer_callback = { _, milliseconds, context in
    guard let context = unsafe context else { return -1 }
    let multi = unsafe Unmanaged<MultiHandle>.fromOpaque(context).takeUnretainedValue()
    multi.wake(afterMilliseconds: milliseconds)
    return 0
}
