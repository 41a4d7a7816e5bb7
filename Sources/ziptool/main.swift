import Glibc
import Zip

// ziptool ARCHIVE FILE… - writes an archive with the files at its root, each with mode 0755.

func complain(_ words: String) -> Never {
  let line = Array("ziptool: \(words)\n".utf8)
  _ = write(STDERR_FILENO, line, line.count)
  exit(1)
}

func contents(of path: String) -> [UInt8] {
  guard let file = fopen(path, "rb") else {
    complain("\(path) can't be read: \(String(cString: strerror(errno)))")
  }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 1 << 20)
  while case let count = fread(&block, 1, block.count, file), count > 0 { bytes += block.prefix(count) }
  if ferror(file) != 0 { complain("\(path) can't be read to its end") }
  return bytes
}

func save(_ bytes: [UInt8], to path: String) {
  guard let file = fopen(path, "wb") else {
    complain("\(path) can't be written: \(String(cString: strerror(errno)))")
  }
  if fwrite(bytes, 1, bytes.count, file) != bytes.count || fclose(file) != 0 {
    complain("\(path) can't be written to its end")
  }
}

let arguments = CommandLine.arguments.dropFirst()
guard let archivePath = arguments.first, arguments.count > 1 else { complain("usage: ziptool ARCHIVE FILE…") }
do {
  var archive = ZipArchive()
  for path in arguments.dropFirst() {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    try archive.add(name, mode: 0o755, contents(of: path))
  }
  save(archive.finished(), to: archivePath)
} catch {
  complain("\(error)")
}
