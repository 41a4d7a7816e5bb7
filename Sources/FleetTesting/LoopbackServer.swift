import Glibc
import Synchronization

/// A server on loopback that gives every connection to a function on a thread of its own.
public final class LoopbackServer: Sendable {
  /// Where it listens.
  public let port: UInt16
  private let listener: Int32
  private let accepted = Mutex(0)

  /// How many connections there have been.
  public var connections: Int { accepted.withLock { $0 } }
  /// `http://127.0.0.1:PORT`.
  public var url: String { "http://127.0.0.1:\(port)" }

  /// A server that listens already.
  /// - Parameter serve: has a connection until it returns; the how manieth it is.
  public init(_ serve: @escaping @Sendable (Connection, _ number: Int) -> Void) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(listener, $0, length)
        _ = getsockname(listener, $0, &length)
      }
    }
    listen(listener, 64)
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    start { [self] in
      while case let descriptor = accept(listener, nil, nil), descriptor >= 0 {
        let number = accepted.withLock {
          $0 += 1
          return $0
        }
        start {
          serve(Connection(descriptor: descriptor), number)
          close(descriptor)
        }
      }
    }
  }

  /// Takes no more connections.
  public func stop() { shutdown(listener, Int32(SHUT_RDWR)) }
}

/// One connection, read a request at a time.
public struct Connection: Sendable {
  let descriptor: Int32

  /// A request's head and body; nil when the client is gone.
  public func request() -> (head: String, body: [UInt8])? {
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65536)
    while true {
      if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let length = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
          .flatMap { Int($0.dropFirst(15).filter { $0 != " " }) }
        let body = bytes[end.upperBound...]
        if body.count >= length ?? 0 { return (head, Array(body)) }
      }
      let count = read(descriptor, &block, block.count)
      guard count > 0 else { return nil }
      bytes += block.prefix(count)
    }
  }

  /// Sends a text as it is.
  public func send(_ text: String) { _ = canSend(text) }

  /// False when the client has gone.
  public func canSend(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  /// Sends an answer of HTTP/1.1.
  public func answer(_ body: String, status: String = "200 OK") {
    send("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nX-Test: yes \r\n\r\n\(body)")
  }

  /// Ends the connection with a reset.
  public func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }
}

private func start(_ body: @escaping @Sendable () -> Void) {
  final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  pthread_create(
    &thread, nil,
    { context in
      if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
      return nil
    }, Unmanaged.passRetained(Box(body)).toOpaque())
  pthread_detach(thread)
}
