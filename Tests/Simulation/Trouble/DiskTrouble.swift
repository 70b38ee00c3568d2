// A disk that answers with errors: once, or for a while, when it is read or when it is written. What was written before is whole,
// and what failed is not there: that is what a store promises. Torn and unsynced bytes are a matter of the disk below it.
import Storage

final class DiskTrouble {
  private let random: SeededRandom
  /// How many of a thousand reads fail.
  var readPermille = 0
  /// How many of a thousand writes fail.
  var writePermille = 0
  /// So many accesses go well before one fails, whatever it is.
  var accessesUntilFailure: Int?

  private var hasFailed = false

  init(random: SeededRandom) { self.random = random }

  var isHealthy: Bool { readPermille == 0 && writePermille == 0 && accessesUntilFailure == nil }

  func heal() {
    readPermille = 0
    writePermille = 0
    accessesUntilFailure = nil
  }

  /// Before something is read.
  func read() throws(StorageError) {
    if fails(readPermille) { throw StorageError(.inputOutput, "The disk could not be read; check it.") }
  }

  /// Before something is written.
  func write() throws(StorageError) {
    if fails(writePermille) { throw StorageError(.inputOutput, "The disk could not be written; check it.") }
  }

  /// Whether what it has done may end in such an error.
  func explains(_ error: StorageError) -> Bool { hasFailed && error.code == .inputOutput }

  private func fails(_ permille: Int) -> Bool {
    let isFailing = failsNow(permille)
    if isFailing { hasFailed = true }
    return isFailing
  }

  private func failsNow(_ permille: Int) -> Bool {
    if let left = accessesUntilFailure {
      accessesUntilFailure = left > 0 ? left - 1 : nil
      if left == 0 { return true }
    }
    return permille > 0 && random.chance(permille: permille)
  }
}
