// Seeds that are written by hand: texts of which no golden vector exists.

extension FuzzSeeds {
  /// The place of the reader among those of the target `text`, and what it reads.
  static let words: [(reader: UInt8, text: String)] = [
    (0, "tenant"), (0, "campaign/01010101010101010101010101010101/internal"), (0, "member/01010101010101010101010101010101"),
    (0, "staging/01010101010101010101010101010101"), (1, "00ffAB"), (2, "AAECAw=="), (3, "AAECAw"),
    (4, "0123456789abcdef0123456789abcdef"), (4, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
    (5, "application/json; charset=utf-8"), (5, "application/x-protobuf"), (6, "https://review.example.org:7443/"),
    (6, "http://[::1]:80"), (6, "http://127.0.0.1"), (7, "wss://review.example.org/v1/session?a=b"), (7, "ws://[::1]:7443"),
    (8, "127.0.0.1"), (8, "::1"), (8, "0.0.0.0"), (8, "localhost"), (9, "aspirin 100mg \"daily\""),
  ]

  static let merges: [[String]] = [
    ["one two three", "one 2 three", "one two three four"], ["", "a", "b"], ["a b c d e", "a c d e", "a b c d"],
    ["Wash your hands.\nTwice.", "Wash your hands well.\nTwice.", "Wash your hands.\nThree times."],
  ]

  static let escapes = #"""
    {"campaign":"\u0053pring","items":[{"theme":"\"\\\/\b\f\n\r\t","canonical":"\ud83d\ude00 é","posts":[
    {"platform":"x","text":"a\u00e9","hashtags":["a","b"],"link":"https://example.org/?a=b","media":["a.png"],
    "alt_text":"b","account":"c","locale":"de","arm":"d",
    "provenance":{"agent":"e","prompt":"f","prompt_version":"1","model":"g"}}]}]}
    """#

  static let identity = #"""
    {"version":1,"profile":"a","tenant":"0101","tenantName":"b","member":"02","deviceName":"c","url":"https://d",
    "serverKey":"03","rootFingerprint":"04","beginning":{"mutation":"05","nameSalt":"06","clockMilliseconds":7,
    "inviteKey":"08","rootMutation":"09"},"secrets":{"deviceSeed":"0a","recoverySeed":"0b","successorSeed":"0c"},
    "sealed":{"salt":"0d","passes":2,"memoryBytes":67108864,"box":"0e"},
    "successor":{"beginning":{"mutation":"05","nameSalt":"06","clockMilliseconds":7,"inviteKey":"08","rootMutation":"09"}}}
    """#
}
