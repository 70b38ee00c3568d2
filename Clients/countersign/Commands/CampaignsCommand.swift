// `countersign campaigns`: the campaigns that this member may read.
import ArgumentParser
import ClientCore

/// Lists campaigns.
struct CampaignsCommand: ShellCommand {
  static let configuration = CommandConfiguration(commandName: "campaigns", abstract: "List the campaigns that you may read.")

  @OptionGroup var profile: ProfileOptions
  @OptionGroup var answer: AnswerOptions

  func run(in shell: Shell) async throws {
    let profile = try profile.openFetched(in: shell)
    let campaigns = try profile.campaigns()
    if answer.isJSON { return try answer.write(list: campaigns, identifier: "campaign", in: shell) }
    var table = Table(columns: [
      Table.Column(title: "CAMPAIGN"), Table.Column(title: "POSTS", isRightAligned: true),
      Table.Column(title: "WAITING", dropOrder: 1, isRightAligned: true), Table.Column(title: "MEMBERS", dropOrder: 2),
      Table.Column(title: "NAME", isFlexible: true),
    ])
    table.rows = campaigns.map { campaign in
      let members = campaign.includesEveryone ? "everyone" : counted(campaign.members.count, "member")
      return [
        Table.Cell(ShortForm.post(campaign.campaign), .bold), Table.Cell("\(campaign.posts)"),
        Table.Cell("\(campaign.waitingForMe)"), Table.Cell(members), Table.Cell(SafeText.line(campaign.name)),
      ]
    }
    if campaigns.isEmpty { shell.note("There are no campaigns yet.") }
    let lines = table.lines(width: shell.tableWidth, palette: shell.palette, hasTitles: shell.terminal.isOutput)
    shell.show(campaigns.isEmpty ? [] : lines, usesPager: !answer.noPager)
    try Freshness.show(profile, in: shell)
  }
}
