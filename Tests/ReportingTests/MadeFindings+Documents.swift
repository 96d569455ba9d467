import Findings
import Tabular

extension MadeFindings {
  var intake: IntakeFindings {
    IntakeFindings(
      bytes: 684_858, delimiter: ",", encoding: "utf-8", byteOrderMark: true, decimal: ".", lineEnds: "CRLF",
      rowsRead: customers + 7, rowsAccepted: customers + 2, rowsRejected: 5,
      columns: [.init(name: "CustomerId", type: "text", missing: 0)],
      undeclaredColumns: ["RowNumber", "Surname"],
      rejectsByRule: [
        .init(
          rule: "ragged", rows: 3,
          firstPlaces: ["customers.csv:18:1", "customers.csv:99:41", "customers.csv:512:1"]),
        .init(rule: "wrongType", rows: 2, firstPlaces: ["customers.csv:77:23", "customers.csv:78:23"]),
      ], hasTarget: hasLabels, notes: [])
  }

  var rejects: Table {
    Table([
      (RejectColumn.file, .category(CategoryColumn(codes: [0, 0, 0], dictionary: ["customers.csv"]))),
      (RejectColumn.line, .integer(IntegerColumn([18, 77, 78]))),
      (RejectColumn.column, .integer(IntegerColumn([1, 23, 23]))),
      (RejectColumn.columnName, .category(CategoryColumn(codes: [-1, 0, 0], dictionary: ["Age"]))),
      (RejectColumn.value, .text(TextColumn([nil, "secret-value", "x"]))),
      (RejectColumn.rule, .category(CategoryColumn(codes: [0, 1, 1], dictionary: ["ragged", "wrongType"]))),
      (RejectColumn.row, .text(TextColumn(["secret-row", "b", "c"]))),
    ])
  }

  var quality: QualityFindings {
    let events = hasLabels ? customers / 5 : 0
    return QualityFindings(
      rowsIn: customers + 2, rowsOut: customers, labelled: hasLabels ? customers : 0, events: events,
      columns: [
        .init(
          name: "CustomerId", role: "key", type: "text", protected: false, missing: 0, distinct: nil,
          minimum: nil,
          median: nil, maximum: nil),
        .init(
          name: "Age", role: "feature", type: "integer", protected: true, missing: 0, distinct: 70,
          minimum: 18,
          median: 37, maximum: 92),
        .init(
          name: "Balance", role: "feature", type: "real", protected: false, missing: customers * 23 / 100,
          distinct: nil,
          minimum: 0, median: 97_198.54, maximum: 250_898.09),
        .init(
          name: "Geography", role: "feature", type: "category", protected: false, missing: 0, distinct: 3,
          minimum: nil,
          median: nil, maximum: nil),
      ],
      repairs: [
        .init(column: "Age", rule: "aboveMaximum", rows: 3), .init(column: "", rule: "repeatedRow", rows: 2),
      ],
      missing: [
        .init(
          column: "Balance", isMoney: true, value: customers * 77 / 100, structuralZero: customers * 5 / 100,
          unknown: customers * 18 / 100,
          byGroup: [
            .init(
              column: "Geography", chiSquared: 812.4, degreesOfFreedom: 2, pValue: 0, cramersV: 0.61,
              groups: [
                .init(value: "France", rows: customers / 2, missing: customers / 6),
                .init(value: "Spain", rows: customers / 4, missing: customers / 16),
                .init(value: "Germany", rows: customers / 4, missing: 0),
              ]),
            .init(
              column: "Products", chiSquared: 91.2, degreesOfFreedom: 3, pValue: 0.00002, cramersV: 0.12,
              groups: []),
          ],
          churnWhereMissing: hasLabels ? .init(rows: 2300, events: 1311, lower: 0.5496, upper: 0.5901) : nil,
          churnWherePresent: hasLabels ? .init(rows: 7700, events: 1809, lower: 0.2256, upper: 0.2445) : nil,
          predictability: 0.998,
          proposedRuleInWords:
            "A missing Balance where Products is 0 looks like a zero by nature: the customer has no account that could hold one.",
          proposedRule: "\"structuralZero\": { \"where\": { \"Products\": [\"0\"] }, \"enabled\": false }",
          sentence:
            "23 % of customers have no known balance; they leave more than twice as often as the others, and the other columns know who they are."
        ),
        .init(
          column: "Tenure", isMoney: false, value: customers - 12, structuralZero: 0, unknown: 12,
          byGroup: [],
          churnWhereMissing: nil, churnWherePresent: nil, predictability: 0.52, proposedRuleInWords: nil,
          proposedRule: nil, sentence: "12 customers have no known tenure; nothing else tells which."),
      ], notes: ["Folds are dealt by a hash of the key."])
  }

  var training: TrainingFindings {
    TrainingFindings(
      labelled: customers, events: customers / 5, folds: 5, calibration: "beta", resampling: "none",
      learners: [
        .init(
          name: "boosting", chosen: true, tenthLogLoss: 0.3341, rawLogLoss: 0.3329, logLoss: 0.3318,
          rocAuc: 0.8689,
          notes: []),
        .init(
          name: "logistic", chosen: false, tenthLogLoss: 0.4041, rawLogLoss: 0.4029, logLoss: 0.4018,
          rocAuc: 0.7689,
          notes: ["Products 4 separates completely; its weight is held by the penalty."]),
      ],
      capacities: [
        .init(
          learner: "boosting", fold: 0, capacity: "8 leaves", trees: 211, tenthLogLoss: 0.3341, chosen: true),
        .init(
          learner: "boosting", fold: 0, capacity: "16 leaves", trees: 124, tenthLogLoss: 0.3349, chosen: false
        ),
      ],
      features: [
        .init(name: "Age", kind: "number", protected: true, used: true, note: nil),
        .init(name: "Gender", kind: "category", protected: true, used: true, note: nil),
        .init(name: "Balance", kind: "number", protected: false, used: true, note: nil),
        .init(name: "Geography", kind: "category", protected: false, used: true, note: nil),
        .init(name: "Card", kind: "number", protected: false, used: false, note: "the same for all"),
      ],
      scorecards: (0..<2).map { fold in
        .init(
          fold: fold, basePoints: 600, baseOdds: 50, doublingPoints: 20, intercept: -1.4,
          interceptStandardError: 0.03,
          attributes: [
            .init(
              name: "Age", protected: true, informationValue: 0.71, coefficient: -0.94, standardError: 0.031,
              classes: [
                .init(
                  words: "up to 35.5", share: 0.41, eventRate: 0.081, weightOfEvidence: 1.06, points: 288.3),
                .init(
                  words: "above 35.5", share: 0.59, eventRate: 0.29, weightOfEvidence: -0.47, points: 246),
                .init(words: "missing", share: 0, eventRate: nil, weightOfEvidence: 0, points: 259.1),
              ]),
            .init(
              name: "Geography", protected: false, informationValue: 0.11, coefficient: -0.8,
              standardError: nil,
              classes: [
                .init(
                  words: "<France>, Spain", share: 0.75, eventRate: 0.164, weightOfEvidence: 0.27, points: 265
                ),
                .init(words: "Germany", share: 0.25, eventRate: 0.324, weightOfEvidence: -0.63, points: 244),
              ]),
          ],
          leftOut: [.init(name: "Card", informationValue: 0.0004, reason: "tells too little by itself")],
          notes: [])
      },
      coefficients: .init(
        rows: customers, logLikelihood: -4211.2, intercept: -1.9, interceptStandardError: 0.04,
        terms: [
          .init(name: "Age", words: "per 10.49", coefficient: 0.76, standardError: 0.027),
          .init(name: "Geography", words: "is Germany", coefficient: 0.77, standardError: nil),
        ], notes: []), notes: [])
  }

  var metrics: MetricsFindings {
    let names = [
      ("Age", 0.0921, true), ("Products", 0.0714, false), ("Active member", 0.0331, false),
      ("Balance", 0.0248, false),
      ("Geography", 0.0151, false), ("Gender", 0.0064, true), ("Credit score", 0.0009, false),
      ("Estimated salary with a very long name", 0.0003, false), ("Tenure", -0.0001, false),
    ]
    return MetricsFindings(
      outOfFold: .init(
        rows: customers, events: customers / 5, logLoss: 0.3318, rocAuc: 0.8689, averagePrecision: 0.7122,
        brier: 0.1013),
      rocAucInterval: .init(value: 0.8689, lower: 0.8601, upper: 0.8777, method: "DeLong"),
      nullLogLoss: 0.5059,
      nullBrier: 0.1622, logLossGain: .init(value: 0.1741, lower: 0.1655, upper: 0.1827, method: "paired"),
      logLossGainStandardError: 0.0044,
      calibration: .init(
        slope: 1.01, slopeStandardError: 0.018, intercept: 0.004, inTheLarge: -0.002, meanProbability: 0.2039,
        eventRate: 0.2037, miscalibration: 0.0011, discrimination: 0.062, uncertainty: 0.1622,
        logLossParts: .init(miscalibration: 0.0041, discrimination: 0.178, uncertainty: 0.5059),
        smoothError: 0.0083),
      liftTop10: 4.1,
      liftTop20: 3.2,
      profit: .init(
        value: 200, offer: 10, contact: 1, saveRateAlpha: 6, saveRateBeta: 14, expectedMaximum: 7.123,
        expectedShare: 0.412, maximum: 6.99, share: 0.38),
      confusion: .init(
        threshold: 0.37, rule: "The cut-off that gives the largest F1 on the other folds.",
        truePositives: 1219,
        falsePositives: 611, falseNegatives: 818, trueNegatives: 7352),
      variants: [.init(name: "logistic", rows: customers, logLoss: 0.4018, rocAuc: 0.7689)],
      importance: names.map {
        .init(feature: $0.0, logLossIncrease: $0.1, standardError: 0.0011, protected: $0.2)
      },
      importanceRows: min(5000, customers), notes: ["Fairness between groups was not tested."])
  }

  var curves: CurvesFindings {
    let x = (0...60).map { Double($0) / 60 }
    return CurvesFindings(
      roc: .init(x: x, y: x.map { 1 - (1 - $0) * (1 - $0) * (1 - $0) * (1 - $0) }),
      precisionRecall: .init(x: x, y: x.map { 0.98 - 0.2 * $0 - 0.58 * $0 * $0 * $0 }),
      gains: .init(x: x, y: x.map { 1 - (1 - $0) * (1 - $0) * (1 - $0) * (1 - $0) }),
      lift: .init(
        x: Array(x.dropFirst()), y: x.dropFirst().map { (1 - (1 - $0) * (1 - $0) * (1 - $0) * (1 - $0)) / $0 }
      ),
      reliability: (0..<20).map { place in
        let p = 0.01 + 0.045 * Double(place)
        let seen = p + (place % 3 == 0 ? 0.012 : -0.008) * Double(1 + place % 4)
        return .init(
          predicted: p, observed: max(0, seen), lower: max(0, seen - 0.03), upper: seen + 0.035,
          rows: customers / 20)
      }, histogram: (0..<20).map { Double(customers) / Double(($0 + 2) * ($0 + 2)) })
  }

  var gate: GateFindings {
    GateFindings(
      hasSkill: hasSkill,
      checks: [
        .init(
          id: "skillAuc", passed: hasSkill, observed: hasSkill ? 0.8601 : 0.4892, threshold: 0.5,
          message: hasSkill
            ? "AUC is 0.869, at least 0.860 with 95 % confidence; it must exceed 0.5."
            : "AUC is 0.504, at least 0.489 with 95 % confidence; it must exceed 0.5."),
        .init(
          id: "skillLogLoss", passed: hasSkill, observed: hasSkill ? 0.1741 : -0.0004, threshold: 0.0088,
          message: "Log-loss is 0.1741 below that of saying the base rate to everyone; it must exceed 0.0088."
        ),
      ])
  }

  var portraits: PortraitsFindings {
    func portrait(
      _ number: Int, _ name: String, _ share: Double, _ churn: Double, _ words: [String], _ centre: [Double]
    )
      -> PortraitsFindings.Portrait
    {
      let rows = Int(Double(customers) * share)
      return .init(
        segment: number, name: name, rows: rows, share: share, labelled: hasLabels ? rows : nil,
        events: hasLabels ? Int(Double(rows) * churn) : nil, churn: hasLabels ? churn : nil,
        churnLower: hasLabels ? churn - 0.02 : nil, churnUpper: hasLabels ? churn + 0.02 : nil,
        traits: words.map { .init(column: "Age", difference: 1.2, median: 51, medianOfAll: 37, words: $0) },
        centre: centre, sentence: "\(rows) customers, of whom about one in \(Int(1 / churn)) left.")
    }
    return PortraitsFindings(
      scales: ["Age", "Balance", "Credit score", "Tenure", "Products", "Estimated salary"].map {
        .init(column: $0, transform: "linear", fill: 0, mean: 0, deviation: 1)
      },
      choices: (2...5).map {
        .init(
          k: $0, silhouette: 0.21 + 0.01 * Double($0), calinskiHarabasz: 1800, daviesBouldin: 1.4,
          stability: 0.93,
          smallestShare: 0.18, chosen: $0 == 3)
      }, rule: "The largest number of segments that come back when the customers are drawn anew.",
      fitted: true,
      portraits: [
        portrait(
          0, segmentName, 0.31, 0.382,
          ["older: median 51 years against 37", "higher balance: 121,000 against 97,199"],
          [1.4, 0.7, 0, 0.1, -0.2, 0]),
        portrait(
          1, "Young, no balance", 0.42, 0.121, ["no balance", "younger: 33 against 37"],
          [-0.4, -1.2, 0, 0, 0.5, 0]),
        portrait(
          2, "Many products, active", 0.27, 0.169, ["more products: 2 against 1"],
          [-0.3, 0.5, 0.1, -0.1, 1.6, 0.1]),
      ], notes: [])
  }
}
