extension Topology {
  /// The four-router network: a hub and a branch in Virginia, and the same in Frankfurt.
  static let standardJSON = """
    {
      "routers": {
        "nv-sdwan": {"region": "us-east-1", "role": "sdwan", "loopback": "10.255.0.1/32", "asn": 65001},
        "nv-branch1": {"region": "us-east-1", "role": "branch", "loopback": "10.255.1.1/32", "asn": 65002},
        "fra-sdwan": {"region": "eu-central-1", "role": "sdwan", "loopback": "10.255.10.1/32", "asn": 65001},
        "fra-branch1": {"region": "eu-central-1", "role": "branch", "loopback": "10.255.11.1/32", "asn": 65002}
      },
      "tunnels": [
        {"name": "nv", "ends": [
          {"router": "nv-sdwan", "vti": "vti0", "address": "169.254.100.1/30"},
          {"router": "nv-branch1", "vti": "vti0", "address": "169.254.100.2/30"}]},
        {"name": "fra", "ends": [
          {"router": "fra-sdwan", "vti": "vti0", "address": "169.254.100.13/30"},
          {"router": "fra-branch1", "vti": "vti0", "address": "169.254.100.14/30"}]}
      ]
    }
    """

  /// - Throws: never in a build whose tests pass; the text above is checked like any other.
  public static func standard() throws(TopologyError) -> Topology {
    try Topology(json: Array(standardJSON.utf8))
  }
}
