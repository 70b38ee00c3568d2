// The lines that two machines compare.
import ReviewModel
import Testing

@testable import SyncEngine

@Suite struct StateExportTests {
  @Test func `rows are sorted by scope name, kind and id, and written as one line each`() throws {
    let campaign: CampaignID = try identifier(1)
    let rows = [
      StateExport.Row(scope: .tenant, key: .campaign(campaign), seq: 3, payload: [1, 255]),
      StateExport.Row(scope: .campaign(campaign), key: .subject(try identifier(2)), seq: 9, payload: []),
      StateExport.Row(scope: .campaign(campaign), key: .item(try identifier(3)), seq: 10, payload: [0]),
    ]
    let lines = StateExport.text(rows).split(separator: "\n").map(String.init)
    #expect(lines.count == 3)
    #expect(lines[0].contains("\"kind\":\"item\"") && lines[1].contains("\"kind\":\"subject\""))
    #expect(
      lines[2] == #"{"scope":"tenant","kind":"campaign","id":"\#(campaign.hex)","seq":3,"payload":"01ff"}"#)
    #expect(StateExport.text(rows) == StateExport.text(rows.reversed()))
  }
}
