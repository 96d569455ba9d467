// swift-tools-version: 6.2
import PackageDescription

// The house, as data: one line a room, its floor, and what it may import. `scripts/lint` holds the
// sources to this list (explicit-import check), `Tests/HouseTests` holds the list to the rules of
// CONTRIBUTING.md (imports go down only, rooms never import each other, SQL only in Catalog).

/// Settings every target of the house is built with.
let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// A room: its name, the rooms below that it imports, and products of other packages.
struct Room {
  var name: String
  var imports: [String]
  var products: [Target.Dependency] = []
  var tested = true
  var plugins: [Target.PluginUsage] = []
}

let ground: [Room] = [
  Room(name: "Numerics", imports: []),
  Room(name: "Statistics", imports: ["Numerics"]),
  Room(name: "Learning", imports: ["Numerics", "Statistics"]),
  Room(name: "Tabular", imports: []),
  Room(name: "Clientele", imports: ["Tabular", "Fingerprints"]),
  Room(name: "Fingerprints", imports: [], products: [crypto]),
  Room(name: "Delimited", imports: ["Tabular"]),
  Room(name: "Markup", imports: []),
]

let first: [Room] = [
  Room(name: "Staging", imports: ["Numerics", "Tabular", "Clientele", "Fingerprints"]),
  Room(name: "Findings", imports: [], tested: false),
  Room(
    name: "Modelling",
    imports: [
      "Numerics", "Statistics", "Learning", "Tabular", "Clientele", "Fingerprints", "Findings",
    ]),
  Room(name: "Columnar", imports: ["Tabular"]),
  Room(name: "Catalog", imports: ["Fingerprints"], products: [grdb]),
]

/// What every room on the second floor may import.
let roomFloor = [
  "Staging", "Findings", "Modelling", "Tabular", "Clientele", "Fingerprints", "Numerics",
  "Statistics", "Learning",
]
let second: [Room] = [
  Room(name: "Ingesting", imports: roomFloor + ["Delimited"]),
  Room(name: "Cleaning", imports: roomFloor),
  Room(name: "Resampling", imports: roomFloor),
  Room(name: "Training", imports: roomFloor),
  Room(name: "Scoring", imports: roomFloor),
  Room(name: "Evaluating", imports: roomFloor),
  Room(name: "Segmenting", imports: roomFloor),
  Room(name: "Ranking", imports: roomFloor + ["Delimited"]),
  Room(name: "Reporting", imports: roomFloor + ["Markup"]),
  Room(name: "Simulating", imports: ["Numerics"]),
  Room(
    name: "Comparing",
    imports: ["Numerics", "Statistics", "Learning", "Tabular", "Clientele", "Fingerprints", "Markup"]),
  Room(
    name: "Onboarding",
    imports: [
      "Staging", "Clientele", "Tabular", "Delimited", "Fingerprints", "Statistics", "Numerics", "Learning",
    ]),
]

let stageRooms = [
  "Ingesting", "Cleaning", "Resampling", "Training", "Scoring", "Evaluating", "Segmenting", "Ranking",
  "Reporting",
]
let third: [Room] = [
  Room(
    name: "Pipeline",
    imports: ["Staging", "Catalog", "Columnar", "Tabular", "Clientele", "Fingerprints", "Findings"]),
  Room(
    name: "Assembly", imports: stageRooms + ["Staging", "Fingerprints"], tested: true,
    plugins: [.plugin(name: "CodeDigestPlugin")]),
]

let rooms = ground + first + second + third

func dependencies(_ room: Room) -> [Target.Dependency] {
  room.imports.map { .target(name: $0) } + room.products
}

let package = Package(
  name: "holdfast",
  products: [.executable(name: "holdfast", targets: ["holdfast"])],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
  ],
  targets: rooms.map { room in
    .target(
      name: room.name, dependencies: dependencies(room), swiftSettings: house, plugins: room.plugins)
  }
    + rooms.filter(\.tested).map { room in
      .testTarget(
        name: room.name + "Tests",
        dependencies: [.target(name: room.name)] + dependencies(room),
        exclude: room.name == "Pipeline" ? ["Cases"] : [], swiftSettings: house)
    } + [
      .executableTarget(
        name: "holdfast",
        dependencies: [
          "Assembly", "Pipeline", "Catalog", "Columnar", "Onboarding", "Simulating", "Comparing", "Ingesting",
          "Cleaning", "Scoring", "Ranking", "Staging", "Findings", "Modelling", "Markup", "Numerics",
          "Clientele", "Delimited", "Tabular", "Fingerprints", arguments,
        ],
        swiftSettings: house, plugins: [.plugin(name: "SchemaTextPlugin")]),
      // Generates the digest of each stage's sources at build: the `code` part of a stage's key.
      .testTarget(name: "HouseTests", swiftSettings: house),
      .testTarget(
        name: "EndToEndTests",
        dependencies: [
          "holdfast", "Fingerprints", "Columnar", "Tabular", "Clientele", "Findings", "Delimited",
        ],
        swiftSettings: house),
      .executableTarget(name: "codedigest", swiftSettings: house),
      // Takes the documented schemas into the program at build.
      .executableTarget(name: "schematext", swiftSettings: house),
      .plugin(
        name: "SchemaTextPlugin", capability: .buildTool(), dependencies: ["schematext"],
        path: "Sources/SchemaTextPlugin"),
      // Times and counts the kernels: `scripts/bench-learners`, `scripts/instructions`.
      .executableTarget(
        name: "kernelbench", dependencies: ["Learning", "Numerics", "Tabular", "Delimited"],
        swiftSettings: house),
      .plugin(
        name: "CodeDigestPlugin", capability: .buildTool(), dependencies: ["codedigest"],
        path: "Sources/CodeDigestPlugin"),
    ]
)
