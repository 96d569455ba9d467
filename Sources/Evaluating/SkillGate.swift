import Clientele
package import Findings

/// Whether a model tells leavers from stayers better than chance, beyond doubt.
package enum SkillGate {
  /// Skill is shown when the lower 95 % bound of AUC exceeds one half and log-loss beats the null
  /// model by more than twice its standard error.
  package static func findings(_ metrics: MetricsFindings) -> GateFindings {
    let auc = metrics.rocAucInterval
    let gain = metrics.logLossGain.value
    let asked = 2 * metrics.logLossGainStandardError
    let checks = [
      GateFindings.Check(
        id: "skillAuc", passed: auc.lower > 0.5, observed: auc.lower, threshold: 0.5,
        message:
          "AUC is \(Wording.decimals(auc.value, 3)), at least \(Wording.decimals(auc.lower, 3)) with 95 % confidence; it must exceed 0.5."
      ),
      GateFindings.Check(
        id: "skillLogLoss", passed: gain > asked, observed: gain, threshold: asked,
        message:
          "Log-loss is \(Wording.decimals(gain.magnitude, 4)) \(gain < 0 ? "above" : "below") that of saying the base rate to everyone; it must be below by more than \(Wording.decimals(asked, 4)), twice the standard error."
      ),
    ]
    return GateFindings(hasSkill: checks.allSatisfy(\.passed), checks: checks)
  }
}
