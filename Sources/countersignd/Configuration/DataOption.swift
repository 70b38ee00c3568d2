// The data directory as every command takes it.
import ArgumentParser

struct DataOption: ParsableArguments {
  @Option(help: ArgumentHelp("The directory with everything that the server keeps.", valueName: "dir"))
  var data: String?

  /// The directory, which must have been made by `init`.
  func directory() throws -> DataDirectory {
    let directory = try unchecked()
    try directory.checkPresent()
    return directory
  }

  func unchecked() throws -> DataDirectory {
    guard let path = EnvironmentFlag.value(data, "data") else {
      throw ConfigurationError("No data directory was named; give --data DIR or set COUNTERSIGND_DATA.")
    }
    return DataDirectory(path: path)
  }
}
