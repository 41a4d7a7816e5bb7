// fuzz TARGET [libFuzzer's options, folders and files]: feeds one parser. `fuzz --list` names the targets,
// `fuzz --seeds TARGET FOLDER` writes the inputs to begin with. See scripts/fuzz.
import Foundation

let targets = bodyTargets + headerTargets + routerTargets + fileTargets
let arguments = CommandLine.arguments.dropFirst()

func target(named name: String?) -> FuzzTarget {
  guard let target = targets.first(where: { $0.name == name }) else {
    print("there is no fuzz target \"\(name ?? "")\"")
    exit(2)
  }
  return target
}

switch arguments.first {
case "--list":
  for target in targets { print(target.name) }
case "--seeds":
  guard arguments.count == 3 else { exit(2) }
  for (number, seed) in target(named: arguments[2]).seeds.enumerated() {
    try Data(seed.utf8).write(to: URL(fileURLWithPath: "\(arguments[3])/seed-\(number)"))
  }
default:
  let chosen = target(named: arguments.first)
  exit(LibFuzzer.run(chosen, CommandLine.unsafeArgv, CommandLine.argc))
}
