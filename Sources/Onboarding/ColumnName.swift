/// A header's name, taken apart so that `EST_SALARY`, `EstimatedSalary` and `estimated salary` read alike.
struct ColumnName: Sendable, Equatable {
  /// Its words in lower case, split at anything that is no letter or digit and where a capital follows
  /// a small letter.
  let words: [String]
  /// The words joined.
  let plain: String

  init(_ name: String) {
    var words: [String] = []
    var word = ""
    var previous: Character?
    for character in name {
      if !character.isLetter, !character.isNumber {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        if let previous, previous.isLowercase, character.isUppercase, !word.isEmpty {
          words.append(word)
          word = ""
        }
        word.append(contentsOf: character.lowercased())
      }
      previous = character
    }
    if !word.isEmpty { words.append(word) }
    self.words = words
    plain = words.joined()
  }

  /// Whether the whole name is one of `names`.
  func isOne(of names: Set<String>) -> Bool { names.contains(plain) }

  /// Whether one of its words, or the whole name, is among `names`.
  func hasWord(of names: Set<String>) -> Bool {
    names.contains(plain) || words.contains(where: names.contains)
  }

  /// Whether one of `parts` stands anywhere in it.
  func contains(anyOf parts: [String]) -> Bool { parts.contains { plain.contains($0) } }
}

/// The words by which columns are recognised, in English and Russian.
enum Vocabulary {
  /// Names of the column that says who left.
  static let targets: Set<String> = [
    "churn", "churned", "exited", "attrition", "attritionflag", "attrited", "left", "target", "label",
    "churnflag",
    "churnlabel", "churnvalue", "ischurn", "ischurned", "haschurned", "customerchurn", "exit", "closed", "y",
    "отток",
    "ушел", "ушёл", "целевая", "уход",
  ]
  /// Parts of names that speak of leaving: a target, or what is known only once a customer has left.
  static let leaving = ["churn", "attrit", "exited", "exitreason", "exitdate", "cancel", "отток"]
  /// Values of a target that mean that the customer left, in lower case.
  static let left: Set<String> = [
    "1", "1.0", "yes", "y", "true", "t", "left", "churn", "churned", "exited", "attrited",
    "attrited customer", "gone",
    "closed", "lost", "да", "ушел", "ушёл", "ушла", "отток",
  ]
  /// Names that are an identifier for sure.
  static let ids: Set<String> = [
    "id", "customerid", "clientid", "userid", "custid", "clientnum", "customernumber", "customerno",
    "clientno",
    "accountid", "accountnumber", "accountno", "memberid", "personid", "subscriberid", "contractid",
    "customerkey",
    "customer", "client", "user", "userkey", "key", "номерклиента", "idклиента", "клиент", "кодклиента",
    "идентификатор", "договор", "номердоговора",
  ]
  /// Names of a row's number.
  static let rowNumbers: Set<String> = [
    "rownumber", "row", "rownum", "rowid", "index", "unnamed0", "n", "no", "num", "number", "номер",
    "номерстроки",
    "column1", "idx", "x",
  ]
  /// Names of people, and ways to reach them.
  static let persons: Set<String> = [
    "surname", "name", "lastname", "firstname", "fullname", "middlename", "customername", "email", "mail",
    "phone",
    "phonenumber", "mobile", "address", "street", "фамилия", "имя", "отчество", "фио", "почта", "телефон",
    "адрес",
  ]
  /// Words of protected attributes.
  static let protected: Set<String> = [
    "gender", "sex", "female", "male", "age", "senior", "seniorcitizen", "birth", "birthday", "birthdate",
    "dob",
    "geography", "country", "nationality", "citizenship", "city", "town", "region", "state", "province",
    "zip",
    "postcode", "marital", "married", "maritalstatus", "partner", "dependents", "dependants", "dependent",
    "children",
    "race", "ethnicity", "ethnic", "religion", "disability", "pregnant", "пол", "возраст", "город", "регион",
    "страна",
    "область", "национальность", "гражданство", "семейное", "семейноеположение", "брак", "дети", "религия",
    "рождения",
  ]
  /// Names of an age in years.
  static let ages: Set<String> = ["age", "customerage", "clientage", "ageyears", "возраст"]
  /// Names of the money a customer keeps with the bank, surest first.
  static let balances = [
    "balance", "accountbalance", "acctbal", "currentbalance", "avgbalance", "averagebalance",
    "depositbalance",
    "totalbalance", "deposit", "deposits", "баланс", "остаток", "остатокпосчету", "депозит",
  ]
  /// Names of what a customer pays each month, surest first.
  static let monthlyCharges = [
    "monthlycharges", "monthlycharge", "monthlyfee", "monthlyfees", "monthlypayment", "monthlyrevenue", "mrr",
    "arpu",
    "ежемесячныйплатеж", "абонплата", "абонентскаяплата",
  ]
  /// Names of the number of products held.
  static let products: Set<String> = [
    "products", "numofproducts", "numproducts", "productsnumber", "nproducts", "productcount",
    "productscount",
    "numberofproducts", "totalrelationshipcount", "продукты", "числопродуктов", "количествопродуктов",
  ]
  /// Words of any other money.
  static let money: Set<String> = [
    "salary", "income", "charges", "charge", "amount", "amt", "revenue", "spend", "spending", "spent",
    "limit", "bal",
    "balance", "fee", "fees", "wage", "price", "cost", "payment", "payments", "turnover", "credit", "deposit",
    "loan",
    "зарплата", "доход", "оборот", "сумма", "лимит", "платеж", "остаток", "баланс",
  ]
  /// Words of a money column that in truth counts, scores or flags.
  static let notMoney: Set<String> = [
    "count", "ct", "num", "number", "score", "has", "is", "card", "type", "category", "ratio", "flag",
    "method", "utilization",
    "months", "days",
  ]
  /// Words of a count.
  static let counts: Set<String> = [
    "tenure", "num", "number", "count", "ct", "months", "years", "days", "products", "objects", "equity",
    "calls",
    "visits", "transactions", "стаж", "число", "количество",
  ]
}
