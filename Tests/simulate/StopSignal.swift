// Ctrl-C and SIGTERM: what has begun is finished, and the totals are kept. A second one ends at once.
import Foundation
import Synchronization

/// Of the whole process: a signal's handler can reach nothing else.
private let stopFlag = Atomic<Bool>(false)

enum StopSignal {
  static var wasSent: Bool { stopFlag.load(ordering: .relaxed) }

  static func install() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        if stopFlag.exchange(true, ordering: .relaxed) { _exit(128 + number) }
      }
    }
  }
}
