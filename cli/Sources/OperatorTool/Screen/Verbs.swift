/// How commands of the tool are typed for a deployment, for people.
struct Verbs: Sendable, Equatable {
  /// What an SD-WAN is called where nobody says otherwise.
  static let usualName = "sdwan"

  /// What the system's deployment is called where nobody says otherwise; a system with executions is called as its verbs are.
  let usualName: String
  /// The deployment's name.
  let name: String

  init(of name: String, usually usualName: String = Self.usualName) {
    self.name = name
    self.usualName = usualName
  }

  /// One of the system's own: `sdwan recovery approve dbs`.
  func callAsFunction(_ words: String) -> String {
    let system = usualName == Self.usualName ? "" : "\(usualName) "
    return "sdwan \(system)\(words)\(name == usualName ? "" : " --name \(name)")"
  }

  /// One that is the same for all systems: `sdwan show --name recovery`.
  func shared(_ words: String) -> String {
    "sdwan \(words)\(name == Self.usualName ? "" : " --name \(name)")"
  }

  /// How an execution is begun that goes on with nothing.
  var anew: String {
    usualName == Self.usualName ? "\(self("up")) starts anew" : "start a new one with sdwan \(usualName)"
  }
}
