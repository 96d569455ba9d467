import Clientele
import Delimited
import Tabular

/// What each column is to the bank, as far as names and contents show.
struct Roles: Sendable {
  /// One contract a column, in the file's order.
  var contracts: [ColumnContract]
  /// What the user should know, in sentences.
  var notes: [String]
  /// One a row of the survey's table: whether the customer left; `nil` where that is not known.
  let labels: [Bool?]

  init(_ survey: Survey, _ request: OnboardingRequest) throws(OnboardingError) {
    let columns = survey.profile.columns
    let target = try TargetProposal(survey, request)
    let asked = Set(request.key)
    var ignored: [Int: String] = [:]
    var rowNumbers: Set<Int> = []
    for (place, column) in columns.enumerated() where place != target.column && !asked.contains(column.name) {
      if Roles.isRowNumber(column, survey.table.columns[place]) {
        rowNumbers.insert(place)
        ignored[place] = "it only numbers the rows"
      } else if let reason = Roles.reasonToIgnore(column, survey) {
        ignored[place] = reason
      }
    }
    let key = try KeyProposal(
      survey, request, target: target.column, ignored: Set(ignored.keys), rowNumbers: rowNumbers)
    for place in key.columns { ignored[place] = nil }
    labels = Roles.labels(survey, target)
    let leaks = LeakSearch(survey, labels)
    for (place, column) in columns.enumerated()
    where place != target.column && !key.columns.contains(place) && ignored[place] == nil {
      let name = ColumnName(column.name)
      if name.contains(anyOf: Vocabulary.leaving) {
        ignored[place] = "its name speaks of leaving, which is not known of a customer who is still there"
      } else if survey.table.columns[place].type == .text {
        ignored[place] =
          name.isIdentifier
          ? "it is another identifier" : "it is free text: \(Wording.count(column.distinct)) different values"
      } else if let separation = leaks.separation(of: place) {
        ignored[place] =
          "alone it tells who left almost surely (AUC \(Wording.decimals(separation, 3))), as a column does that is "
          + "filled in afterwards"
      }
    }
    contracts = []
    var hasBalance = false
    var hasCharge = false
    let balance = Roles.first(Vocabulary.balances, columns, ignored)
    let charge = Roles.first(Vocabulary.monthlyCharges, columns, ignored)
    for (place, column) in columns.enumerated() {
      let type = survey.table.columns[place].type
      var contract = ColumnContract(name: column.name, type: type, role: .feature)
      if key.columns.contains(place) {
        contract.role = .key
        if type != .category { contract.type = .text }
      } else if place == target.column {
        contract.role = .target
        contract.positive = target.positive
      } else if ignored[place] != nil {
        contract.role = .ignore
      } else {
        Roles.describe(&contract, column, isBalance: place == balance, isCharge: place == charge)
        hasBalance = hasBalance || contract.meaning == .balance
        hasCharge = hasCharge || contract.meaning == .monthlyCharge
      }
      contracts.append(contract)
    }
    notes = target.notes + key.notes
    notes += Roles.ignoredNotes(columns, ignored)
    notes += Roles.featureNotes(contracts, columns)
  }

  /// The first column whose name is one of `names`, surest name first.
  private static func first(
    _ names: [String], _ columns: [ColumnProfile], _ ignored: [Int: String]
  ) -> Int? {
    for name in names {
      for (place, column) in columns.enumerated()
      where ignored[place] == nil && (column.type == .integer || column.type == .real) {
        if ColumnName(column.name).plain == name { return place }
      }
    }
    return nil
  }

  private static func describe(
    _ contract: inout ColumnContract, _ column: ColumnProfile, isBalance: Bool, isCharge: Bool
  ) {
    let name = ColumnName(column.name)
    if name.hasWord(of: Vocabulary.protected) { contract.protected = true }
    guard contract.type == .integer || contract.type == .real else { return }
    let isFlag = column.distinct <= 2
    if isBalance {
      contract.meaning = .balance
    } else if isCharge {
      contract.meaning = .monthlyCharge
    } else if name.isOne(of: Vocabulary.products) {
      contract.meaning = .products
    } else if name.hasWord(of: Vocabulary.money), !name.hasWord(of: Vocabulary.notMoney), !isFlag {
      contract.meaning = .money
    }
    let low = column.minimum ?? 0
    // Wide on purpose: only what cannot be is refused.
    if name.isOne(of: Vocabulary.ages) {
      contract.minimum = 0
      contract.maximum = 120
    } else if low >= 0, column.reals == column.wholeReals, !isFlag,
      contract.meaning == .products || (contract.meaning == nil && name.hasWord(of: Vocabulary.counts))
    {
      contract.minimum = 0
    }
  }

  private static func isRowNumber(_ column: ColumnProfile, _ values: Column) -> Bool {
    guard case .integer(let numbers) = values, numbers.validity == nil, numbers.values.count > 2 else {
      return false
    }
    let name = ColumnName(column.name)
    guard column.distinct == numbers.values.count || name.isOne(of: ["rownumber", "unnamed0"]) else {
      return false
    }
    let steps = zip(numbers.values, numbers.values.dropFirst()).reduce(0) { $0 + ($1.1 &- $1.0 == 1 ? 1 : 0) }
    let isSequential = steps * 100 >= (numbers.values.count - 1) * 99
    if name.isOne(of: ["rownumber", "rownum", "unnamed0", "rowid", "номерстроки"]) { return true }
    if name.isOne(of: Vocabulary.rowNumbers) { return isSequential }
    return isSequential && (column.minimum ?? 2) <= 1 && !name.isIdentifier
  }

  private static func reasonToIgnore(_ column: ColumnProfile, _ survey: Survey) -> String? {
    if column.present == 0 { return "it holds nothing" }
    if column.distinct == 1, column.missing == 0 { return "it holds one and the same value in every row" }
    let name = ColumnName(column.name)
    if name.isOne(of: Vocabulary.persons) { return "it names a person or how to reach one" }
    if !name.isIdentifier, column.type == .category, column.distinct > 250 {
      return "it is text with \(Wording.count(column.distinct)) different values"
    }
    return nil
  }

  private static func labels(_ survey: Survey, _ target: TargetProposal) -> [Bool?] {
    guard let place = target.column else { return [Bool?](repeating: nil, count: survey.table.rowCount) }
    let positive = target.positive ?? "1"
    let number = Double(positive)
    let column = survey.table.columns[place]
    if case .category(let categories) = column {
      let isPositive = categories.dictionary.map { text in
        text.trimmingSpaces() == positive || (number != nil && Double(text) == number)
      }
      return categories.codes.map { $0 < 0 ? nil : isPositive[Int($0)] }
    }
    return (0..<column.count).map { row in
      column.display(row).map { $0 == positive || (number != nil && Double($0) == number) }
    }
  }

  private static func ignoredNotes(_ columns: [ColumnProfile], _ ignored: [Int: String]) -> [String] {
    var names: [String: [String]] = [:]
    var reasons: [String] = []
    for place in ignored.keys.sorted() {
      guard let reason = ignored[place] else { continue }
      if names[reason] == nil { reasons.append(reason) }
      names[reason, default: []].append(columns[place].name)
    }
    return reasons.map { reason in
      let list = names[reason] ?? []
      let shown = list.prefix(5).map { "\"\($0)\"" }.joined(separator: ", ")
      let rest = list.count > 5 ? " and \(Wording.count(list.count - 5)) more" : ""
      return
        "\(shown)\(rest): ignored, because \(reason). To learn from it all the same, set \"role\": \"feature\"."
    }
  }

  private static func featureNotes(_ contracts: [ColumnContract], _ columns: [ColumnProfile]) -> [String] {
    var notes: [String] = []
    let protected = contracts.filter { $0.protected == true }.map { "\"\($0.name)\"" }
    if !protected.isEmpty {
      notes.append(
        "Protected attributes: \(protected.joined(separator: ", ")). The model uses them, segments never do, and the page "
          + "says so. To keep one from the model, set \"role\": \"ignore\".")
    }
    for (contract, column) in zip(contracts, columns) {
      if let low = contract.minimum, let high = contract.maximum, let least = column.minimum,
        let most = column.maximum,
        least < low || most > high
      {
        notes.append(
          "\"\(contract.name)\" goes from \(Wording.decimals(least, 0)) to \(Wording.decimals(most, 0)); values outside "
            + "\(Wording.decimals(low, 0)) to \(Wording.decimals(high, 0)) become missing, each recorded in repairs."
        )
      }
    }
    let money = contracts.filter { $0.meaning == .money }.map { "\"\($0.name)\"" }
    if !money.isEmpty, money.count <= 10 {
      notes.append(
        "Taken for amounts of money by their names: \(money.joined(separator: ", ")). If one is none, take its "
          + "\"meaning\" out.")
    }
    return notes
  }
}
