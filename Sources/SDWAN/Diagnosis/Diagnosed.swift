/// Phase 3's results with the causes of what is wrong.
enum Diagnosed {
  /// - Parameters:
  ///   - results: of all routers that the phase has seen.
  ///   - topology: says who is a branch.
  /// - Returns: the same results; every one that is no success has a diagnosis.
  static func results(_ results: [String: RouterResult], _ topology: Topology) -> [String: RouterResult] {
    let branches = results.keys.filter { topology.router(named: $0)?.role == .branch }
    let fleet = FleetDiagnosis(results.mapValues { $0.details.checks ?? [] }, branches: Set(branches))
    var diagnosed = results
    for (name, result) in results where result.status != .success {
      let found = fleet.diagnoses(of: name)
      diagnosed[name]?.details.diagnosis =
        found.first ?? Diagnosis(.noAnswer, .certain, evidence: [result.sentence], folds: [])
      let further = found.dropFirst().prefix(Details.mostDiagnoses)
      diagnosed[name]?.details.furtherDiagnoses = further.isEmpty ? nil : Array(further)
    }
    return diagnosed
  }
}
