import Foundation

/// A server on this machine whose every connection gets the next of the answers, and after the last one none: those stay open.
final class Server: Sendable {
    let url: URL
    /// The requests, as they arrive.
    let requests: AsyncStream<String>
    private let listener: Int32
    private let gate: DispatchSemaphore

    /// With `gated`, each answer waits until ``open()`` lets it through.
    init(_ answers: [String] = [], gated: Bool = false) {
        let listener = socket(AF_INET, streamSocket, 0)
        precondition(listener >= 0 && withAddress(port: 0) { bind(listener, $0, $1) } == 0 && listen(listener, 1024) == 0)
        self.listener = listener
        url = URL(string: "http://127.0.0.1:\(portNumber(listener))")!
        let (requests, received) = AsyncStream.makeStream(of: String.self)
        let gate = DispatchSemaphore(value: 0)
        (self.requests, self.gate) = (requests, gate)
        Thread.detachNewThread {
            var connections: [Int32] = []
            var answers = answers[...]
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0 { break }
                // Counted before it is answered, so that a test whose call has returned finds it.
                received.yield(readRequest(connection))
                if let answer = answers.popFirst() {
                    if gated { gate.wait() }
                    send(connection, answer)
                    shutdown(connection, Int32(SHUT_WR))
                    // Until the client closes too: a close with unread input would reset the connection under its answer.
                    while !readSome(connection).isEmpty {}
                    close(connection)
                } else {
                    connections.append(connection)
                }
            }
            received.finish()
            (connections + [listener]).forEach { close($0) }
        }
    }

    deinit {
        gate.signal()
        // Ends the thread's accept().
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// Lets one answer go.
    func open() {
        gate.signal()
    }

    /// The next request.
    func next() async throws -> String {
        for await request in requests { return request }
        throw Unexpected(what: "no request")
    }
}

/// A complete HTTP answer.
func http(_ status: String, _ headers: [String] = [], _ body: String = "") -> String {
    (["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers + ["", body]).joined(separator: "\r\n")
}

/// The API's answer with this data.
func success(_ data: String) -> String {
    http("200 OK", ["Content-Type: application/json"], #"{"code":200,"data":\#(data),"err":""}"#)
}

/// A port at which nobody listens.
func closedPort() -> Int {
    let listener = socket(AF_INET, streamSocket, 0)
    precondition(withAddress(port: 0) { bind(listener, $0, $1) } == 0)
    // Bound and never closed, so that the system gives it to nobody.
    return portNumber(listener)
}

/// Sends a request to a server of plain http, and gives all that it answers.
func exchange(with url: URL, _ request: String) throws -> String {
    let connection = socket(AF_INET, streamSocket, 0)
    defer { close(connection) }
    let port = UInt16(url.port ?? 80)
    guard withAddress(port: port, { connect(connection, $0, $1) }) == 0 else { throw Unexpected(what: "no connection") }
    send(connection, request)
    var answer: [UInt8] = []
    while case let bytes = readSome(connection), !bytes.isEmpty { answer += bytes }
    return String(decoding: answer, as: UTF8.self)
}

#if canImport(Darwin)
    private let streamSocket = SOCK_STREAM
#else
    private let streamSocket = Int32(SOCK_STREAM.rawValue)
#endif

private func withAddress<Result>(port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    address.sin_port = port.bigEndian
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
}

private func portNumber(_ listener: Int32) -> Int {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) {
        _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &size) }
    }
    return Int(UInt16(bigEndian: address.sin_port))
}

private func readSome(_ connection: Int32) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(connection, &buffer, buffer.count)
    return count > 0 ? Array(buffer[..<count]) : []
}

private func send(_ connection: Int32, _ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Foundation.send(connection, $0.baseAddress, $0.count, noSignal) }
        if count <= 0 { return }
        rest = rest.dropFirst(count)
    }
}

#if canImport(Darwin)
    private let noSignal: Int32 = 0
#else
    private let noSignal = Int32(MSG_NOSIGNAL)
#endif

/// Head and body, as far as they come; of TLS, its first bytes.
private func readRequest(_ connection: Int32) -> String {
    var text = ""
    while case let bytes = readSome(connection), !bytes.isEmpty {
        text += String(decoding: bytes, as: UTF8.self)
        if text.utf8.first == 0x16 { break }
        guard let end = text.range(of: "\r\n\r\n") else { continue }
        let lengths = text[..<end.lowerBound].components(separatedBy: "\r\n").compactMap { line -> Int? in
            let parts = line.lowercased().split(separator: ":")
            return parts.first == "content-length" ? Int(parts[1].trimmingCharacters(in: .whitespaces)) : nil
        }
        if text[end.upperBound...].utf8.count >= lengths.first ?? 0 { break }
    }
    return text
}
