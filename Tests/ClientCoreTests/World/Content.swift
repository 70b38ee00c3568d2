// Small batches of posts for tests, and texts that differ.

@testable import ClientCore

enum Content {
  static func file(_ campaign: String = "Spring", items: Int = 2) -> ImportFile {
    ImportFile(
      campaign: campaign,
      items: (0..<items).map { number in
        ImportFile.Item(
          theme: "Theme \(number)", canonical: "The message \(number).",
          posts: ["linkedin", "bluesky"].map {
            ImportFile.Post(
              platform: $0, account: nil, locale: nil, arm: nil, text: "Wash your hands, says text \(number) for \($0).",
              hashtags: ["hands"], link: nil, media: nil, altText: nil, provenance: nil)
          })
      })
  }
}
