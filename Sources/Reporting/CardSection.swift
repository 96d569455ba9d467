import Findings
import Markup
import Numerics

/// The scorecard to add up, or the coefficients of a logistic regression: what a model that people can read is made of.
struct CardSection {
  let found: TrainingFindings

  var html: HTML {
    HTML([
      found.scorecards.map(cards) ?? HTML(),
      found.coefficients.map(coefficients) ?? HTML(),
    ])
  }

  // MARK: The scorecard

  private func cards(_ cards: [ScorecardFindings]) -> HTML {
    guard let first = cards.first else { return HTML() }
    return HTML([
      HTML.element("h3") { "The scorecard" },
      paragraph(
        "A customer’s score is the sum of the points of one class in each attribute. More points are a safer customer: at \(NumberText.short(first.basePoints)) points \(NumberText.short(first.baseOdds)) customers stay for each who leaves, and \(NumberText.short(first.doublingPoints)) points more double that.",
        "say"),
      paragraph(
        "Each fold’s customers are scored by a card that was made without them. This is the card of fold \(first.fold); the others follow.",
        "soft"),
      one(first),
      cards.count > 1
        ? folded(
          "The cards of the other folds",
          HTML(
            cards.dropFirst().map { card in
              HTML([HTML.element("h4") { "Fold \(card.fold)" }, one(card)])
            })) : HTML(),
    ])
  }

  private func one(_ card: ScorecardFindings) -> HTML {
    let name = "card of fold \(card.fold)"
    return HTML([
      card.attributes.isEmpty ? HTML() : points(card, name),
      card.attributes.isEmpty ? HTML() : attributes(card, name),
      sentences(card.notes),
      card.leftOut.isEmpty
        ? HTML()
        : folded(
          card.leftOut.count > CardSection.mostLeftOut
            ? "The \(CardSection.mostLeftOut) most telling of \(NumberText.count(card.leftOut.count)) columns that are not on this card"
            : "Columns that are not on this card",
          DataTable(
            "Columns that are not on the \(name)",
            [.words("Column"), .numbers("Information value"), .words("Why not")],
            leftOut(card).map { [$0.name, NumberText.decimals($0.informationValue, 3), $0.reason] }
          ).html(isCaptionHidden: true)),
    ])
  }

  /// Columns left out that are shown; `training` has them all.
  private static let mostLeftOut = 40

  /// The most telling of those left out, ties in the table's order.
  private func leftOut(_ card: ScorecardFindings) -> [ScorecardFindings.LeftOut] {
    card.leftOut.enumerated().sorted {
      ($1.element.informationValue, $0.offset) < ($0.element.informationValue, $1.offset)
    }.prefix(CardSection.mostLeftOut).map(\.element)
  }

  private func points(_ card: ScorecardFindings, _ name: String) -> HTML {
    DataTable(
      "Points, \(name)",
      [
        .words("Attribute"), .words("Class"), .numbers("Customers"), .numbers("Left"),
        .numbers("Weight of evidence"), .numbers("Points"),
      ],
      card.attributes.flatMap { attribute in
        attribute.classes.map { one in
          [
            attribute.name, one.words, NumberText.percent(one.share),
            one.eventRate.map { NumberText.percent($0) } ?? NumberText.nothing,
            NumberText.decimals(one.weightOfEvidence, 2), NumberText.decimals(one.points, 0),
          ]
        }
      }
    ).html()
  }

  private func attributes(_ card: ScorecardFindings, _ name: String) -> HTML {
    DataTable(
      "Attributes, \(name)",
      [
        .words("Attribute"), .numbers("Information value"), .words("By itself it tells"),
        .numbers("Coefficient"), .numbers("Standard error"), .words("Protected"),
      ],
      card.attributes.map {
        [
          $0.name, NumberText.decimals($0.informationValue, 3), CardSection.strength($0.informationValue),
          NumberText.decimals($0.coefficient, 3),
          $0.standardError.map { NumberText.decimals($0, 3) } ?? NumberText.nothing,
          $0.protected ? "yes" : "no",
        ]
      }
    ).html()
  }

  /// An information value in a word (Siddiqi 2006).
  static func strength(_ value: Double) -> String {
    if value < 0.02 { return "hardly anything" }
    if value < 0.1 { return "little" }
    return value < 0.3 ? "a good deal" : "much"
  }

  // MARK: The logistic regression

  private func coefficients(_ found: CoefficientFindings) -> HTML {
    HTML([
      HTML.element("h3") { "What each column counts for" },
      paragraph(
        "Each line multiplies the odds of leaving by so much, all else equal; 1 changes nothing. Fitted without penalty on all \(NumberText.count(found.rows)) customers with a label, for the intervals; the models that score are fitted a fold, with a penalty.",
        "say"),
      DataTable(
        "Coefficients of the logistic regression",
        [
          .words("Column"), .words("What of it"), .numbers("Odds times"), .words("95 % interval"),
          .numbers("Coefficient"), .numbers("Standard error"),
        ],
        found.terms.map { term in
          [
            term.name, term.words, times(term.coefficient), interval(term),
            NumberText.decimals(term.coefficient, 3),
            term.standardError.map { NumberText.decimals($0, 3) } ?? NumberText.nothing,
          ]
        }
      ).html(isCaptionHidden: true),
      sentences(found.notes),
    ])
  }

  private func interval(_ term: CoefficientFindings.Term) -> String {
    guard let error = term.standardError else { return NumberText.nothing }
    return "\(times(term.coefficient - 1.96 * error)) to \(times(term.coefficient + 1.96 * error))"
  }

  private func times(_ coefficient: Double) -> String {
    coefficient.magnitude < 30 ? NumberText.significant(exponential(coefficient), 3) : NumberText.nothing
  }
}
