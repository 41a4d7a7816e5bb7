import FleetKit

/// Phase 3's results with the causes of what is wrong.
enum Diagnosed {
  /// - Parameters:
  ///   - results: of all routers that the phase has seen.
  ///   - topology: says who is a branch.
  /// - Returns: the same results; every one that is no success has a diagnosis.
  static func results(
    _ results: [String: TargetResult<VerificationDetails>], _ topology: Topology
  ) -> [String: TargetResult<VerificationDetails>] {
    let branches = results.keys.filter { topology.router(named: $0)?.role == .branch }
    let fleet = FleetDiagnosis(results.mapValues { $0.details.checks ?? [] }, branches: Set(branches))
    var diagnosed = results
    for (name, result) in results where result.status != .success {
      let found = fleet.diagnoses(of: name)
      diagnosed[name]?.details.diagnosis =
        found.first
        ?? Diagnosis(
          .noAnswer, .certain, evidence: [result.sentence(mark: Vocabulary.network.mark)], folds: [])
      let further = found.dropFirst().prefix(VerificationDetails.mostDiagnoses)
      diagnosed[name]?.details.furtherDiagnoses = further.isEmpty ? nil : Array(further)
    }
    return diagnosed
  }
}
