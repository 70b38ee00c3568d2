// A frame's bytes by encoding, kept by whoever encodes it first. Two who are first at once write the same bytes.
import Synchronization
import SyncProtocol

final class EncodedOnce: Sendable {
  private let bytes = Mutex<[WireEncoding: [UInt8]]>([:])

  subscript(_ encoding: WireEncoding) -> [UInt8]? {
    get { bytes.withLock { $0[encoding] } }
    set { bytes.withLock { $0[encoding] = newValue } }
  }
}
