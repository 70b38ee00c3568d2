// C strings that the library keeps pointing at.
import Glibc

/// Owns copies of strings; the pointers are good until this is let go of.
struct KeptStrings: ~Copyable {
  private var pointers: [UnsafeMutablePointer<CChar>] = []

  mutating func keep(_ text: String) -> UnsafePointer<CChar>? {
    guard let pointer = strdup(text) else { return nil }
    pointers.append(pointer)
    return UnsafePointer(pointer)
  }

  deinit {
    for pointer in pointers { free(pointer) }
  }
}
