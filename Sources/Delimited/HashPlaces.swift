/// Tells texts apart by a 64-bit hash of each and gives each a number: open addressing over plain arrays,
/// many times cheaper than a dictionary.
struct HashPlaces {
  private var hashes = [UInt64](repeating: 0, count: 64)
  private var places = [Int32](repeating: 0, count: 64)
  /// Hash 0 marks a free slot, so a text of hash 0 stands apart.
  private var placeOfZero: Int32?
  private var filled = 0

  /// Number of different hashes.
  var count: Int { filled + (placeOfZero == nil ? 0 : 1) }

  /// The number given to `hash` when it was first seen; that is now, with `number`, if it was not.
  mutating func place(of hash: UInt64, otherwise number: Int32) -> Int32 {
    if hash == 0 {
      let place = placeOfZero ?? number
      placeOfZero = place
      return place
    }
    var slot = HashPlaces.slot(hash, hashes.count)
    while hashes[slot] != 0 {
      if hashes[slot] == hash { return places[slot] }
      slot = (slot + 1) & (hashes.count - 1)
    }
    hashes[slot] = hash
    places[slot] = number
    filled += 1
    if filled * 2 > hashes.count { grow() }
    return number
  }

  private static func slot(_ hash: UInt64, _ count: Int) -> Int {
    Int(truncatingIfNeeded: hash ^ (hash >> 29)) & (count - 1)
  }

  private mutating func grow() {
    let (oldHashes, oldPlaces) = (hashes, places)
    hashes = [UInt64](repeating: 0, count: oldHashes.count * 4)
    places = [Int32](repeating: 0, count: oldHashes.count * 4)
    for old in oldHashes.indices where oldHashes[old] != 0 {
      var slot = HashPlaces.slot(oldHashes[old], hashes.count)
      while hashes[slot] != 0 { slot = (slot + 1) & (hashes.count - 1) }
      hashes[slot] = oldHashes[old]
      places[slot] = oldPlaces[old]
    }
  }
}
