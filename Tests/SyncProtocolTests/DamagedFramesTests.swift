// Whatever arrives, the codec answers or throws: thousands of damaged frames under fixed seeds.
import ReviewModel
import SeededInput
import SyncProtocol
import Testing
import Trust

struct DamagedFramesTests {
  @Test(arguments: FrameSample.all, WireEncoding.allCases)
  func `damaged frames never trap, and what is read can be written`(sample: FrameSample, encoding: WireEncoding) throws {
    let whole = try sample.encoded(as: encoding)
    var damage = SeededDamage(seed: UInt64(whole.count) &+ (encoding == .json ? 1_000 : 0))
    for _ in 0..<250 {
      let bytes = damage.damaged(whole)
      guard let side = try? sample.decoded(bytes, as: encoding) else { continue }
      switch side {
      case .client(let frame):
        #expect(try FrameCodec.decodeClientFrame(FrameCodec.encode(frame, as: .binary), as: .binary) == frame)
      case .server(let frame):
        #expect(try FrameCodec.decodeServerFrame(FrameCodec.encode(frame, as: .binary), as: .binary) == frame)
      }
    }
  }

  @Test(arguments: FrameSample.all, WireEncoding.allCases)
  func `every beginning of a frame is read or refused`(sample: FrameSample, encoding: WireEncoding) throws {
    let whole = try sample.encoded(as: encoding)
    for count in stride(from: 0, to: whole.count, by: max(1, whole.count / 200)) {
      _ = try? sample.decoded(Array(whole.prefix(count)), as: encoding)
    }
  }

  @Test func `noise never traps`() {
    var damage = SeededDamage(seed: 99)
    for count in 0..<2_000 {
      let noise = (0..<(count % 200)).map { _ in UInt8(damage.below(256)) }
      for encoding in WireEncoding.allCases {
        _ = try? FrameCodec.decodeClientFrame(noise, as: encoding)
        _ = try? FrameCodec.decodeServerFrame(noise, as: encoding)
        _ = try? EnrolRequest(noise, as: encoding)
        _ = try? EnrolResponse(noise, as: encoding)
        _ = try? ServerInfo(noise, as: encoding)
        _ = try? Problem(noise, as: encoding)
      }
    }
  }

  @Test func `deeply nested messages are refused`() {
    // Unknown groups inside of each other, and lengths that claim more than there is.
    let groups = [UInt8](repeating: 0xA3, count: 30_000).enumerated().map { $0.offset % 2 == 0 ? UInt8(0xA3) : 0x06 }
    #expect(throws: WireError(.malformed, "")) { try FrameCodec.decodeClientFrame(groups, as: .binary) }
    let lying: [UInt8] = [0x22, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x0A]
    #expect(throws: WireError(.malformed, "")) { try FrameCodec.decodeClientFrame(lying, as: .binary) }
  }

  @Test func `an error never quotes what was sent`() {
    let secret = Array(#"{"hello":{"agent":"patient Meyer","tenant":"!!!"}}"#.utf8)
    let error = #expect(throws: WireError.self) { try FrameCodec.decodeClientFrame(secret, as: .json) }
    #expect(error?.description.contains("Meyer") == false)
  }
}
