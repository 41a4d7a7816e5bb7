import JSON
@testable import AWSClient
import FoundationEssentials
import HTTPClient
@testable import FleetKit
import Groundwork
@testable import SDWAN
@testable import SSMKit

/// JSON from Lambda, Systems Manager and the topology's author.
let bodyTargets = [
  FuzzTarget(
    name: "event",
    seeds: [
      #"{"instances": ["nv-sdwan"], "mode": "plan", "action": "run", "recreate": "never", "confirm": true}"#,
      #"{"phase1_result": {"results": {}, "success_count": 4}, "confirm": null}"#, "[]",
      #"{"mode": "command", "command": {"document": "Acme-Do", "parameters": {"to": ["a", "b"]}}, "timeout": 9}"#,
    ]
  ) { bytes in
    guard
      let settings = try? FleetSettings(.network, standardTimeout: .seconds(300), environment: { _ in nil }),
      let event = try? FleetEvent(Invocation(requestID: "r", event: bytes), .network, settings),
      (try? event.part(NetworkEvent.self)) != nil, let topology = try? Topology.standard(),
      let routers = try? event.chosen(among: topology.routers.map(\.name))
    else { return }
    promise(!routers.isEmpty, "an event that is taken names a router")
  },
  FuzzTarget(name: "json", seeds: [#"{"a": [1, -2.5e3, "x\\u00e9ü", true, null], "b": {"c": {}}}"#, "[[]]"]) {
    bytes in
    var reader = StrictJSON(bytes, maximumValues: .max)
    guard (try? reader.check()) != nil else { return }
    promise(String(validating: bytes, as: UTF8.self) != nil, "what is no UTF-8 was taken")
    reader = StrictJSON(bytes, maximumValues: .max)
    guard let kept = try? reader.object(keeping: ["a"]) else { return }
    var again = StrictJSON(kept, maximumValues: .max)
    promise((try? again.check()) != nil, "what was kept is no JSON")
  },
  FuzzTarget(
    name: "json-values",
    seeds: [#"{"a": [1, -2.5e3, "x\\u00e9ü", true, null], "b": {"c": {}}}"#, "\"\\ud83d\""]
  ) {
    bytes in
    var strict = StrictJSON(bytes, maximumValues: .max)
    let isStrict = (try? strict.check()) != nil
    let repaired = try? JSONReader(brokenText: .repaired).read(AnyValue.self, from: bytes)
    // A number may be too large for a Double.
    let mayBeLarge = bytes.count > 300 || bytes.contains { "eE".utf8.contains($0) }
    promise(!isStrict || mayBeLarge || repaired != nil, "what one reader takes is nothing to the other")
    guard let value = try? JSONReader().read(AnyValue.self, from: bytes),
      let text = try? JSONWriter().write(value)
    else {
      return
    }
    promise(
      (try? JSONReader().read(AnyValue.self, from: text)) == value,
      "what was written is read as something else")
  },
  FuzzTarget(
    name: "xml", seeds: [#"<?xml version="1.0"?><a:b c='d'><e>&lt;&#65;</e><!-- f --><![CDATA[g]]></a:b>"#]
  ) {
    bytes in
    guard let root = try? XMLReader.read(bytes) else { return }
    promise(!root.name.isEmpty || bytes.contains(UInt8(ascii: ":")), "an element has no name")
  },
  FuzzTarget(name: "topology", seeds: [Topology.standardJSON]) { bytes in
    guard let topology = try? Topology(json: bytes) else { return }
    promise(!topology.routers.isEmpty, "a topology without a router was taken")
    for router in topology.routers {
      promise(Topology.isName(router.name), "a name that is none was taken")
      for link in topology.links(of: router) {
        promise(link.own.address.network == link.far.address.network, "two ends in two networks")
      }
    }
  },
  FuzzTarget(
    name: "ssm-parameters",
    seeds: [
      #"{"Parameters": [{"Name": "/sdwan/r/instance-id", "Value": "i-0123456789abcdef0", "Type": "String"}]}"#,
      #"{"Parameters": [], "NextToken": "t"}"#, #"{"Parameters": [{"Name": "a", "Value": "203.0.113.1"}]}"#,
    ]
  ) { bytes in
    guard let page = decoded(bytes, as: GetParametersByPath.Output.self),
      let prefix = ParameterPrefix("/sdwan/")
    else { return }
    for parameter in page.parameters {
      _ = ParameterPrefix(parameter.name)
      _ = Region(parameter.value)
      let values = Dictionary(
        ParameterType.allCases.map { ($0, parameter.value) }, uniquingKeysWith: { first, _ in first })
      let parameters = InstanceParameters(
        name: parameter.name, region: .virginia, prefix: prefix, values: values)
      do throws(ParameterError) {
        let config = try parameters.config()
        promise(false, "\(config) is an instance id and an address at once")
      } catch {
        promise(!error.problems.isEmpty, "a refusal without a reason")
      }
    }
  },
  FuzzTarget(
    name: "ssm-invocation",
    seeds: [
      #"{"Status": "Success", "StatusDetails": "Success", "ResponseCode": 0, "StandardOutputContent": "x"}"#,
      #"{"Status": "TimedOut", "StatusDetails": "Execution Timed Out", "ResponseCode": -1}"#,
    ]
  ) { bytes in
    guard let output = decoded(bytes, as: GetCommandInvocation.Output.self) else { return }
    guard let result = CommandResult(output, commandID: "c", instanceID: "i") else { return }
    promise(result.status == .success || !result.stderr.isEmpty, "a failure without a reason")
  },
  FuzzTarget(
    name: "ssm-list",
    seeds: [
      #"{"CommandInvocations": [{"CommandId": "c", "InstanceId": "i-0123456789abcdef0", "Comment": "x 0123456789abcdef-1", "Status": "Failed", "StatusDetails": "Failed", "CommandPlugins": [{"ResponseCode": 1, "Output": "o\n----------ERROR-------\ne"}]}], "NextToken": "t"}"#,
      #"{"CommandInvocations": [{"CommandId": "c", "InstanceId": "i", "Status": "Success", "CommandPlugins": [{"Output": "--output truncated--"}, {}]}]}"#,
    ]
  ) { bytes in
    for entry in decoded(bytes, as: ListCommandInvocations.Output.self)?.invocations ?? [] {
      _ = entry.command(in: .virginia)
      _ = CommandMark.text(in: entry.comment, of: "0123456789abcdef")
      guard case .ended(let result) = entry.standing else { continue }
      promise(result.status == .success || !result.stderr.isEmpty, "a failure without a reason")
      let printed = entry.steps.compactMap(\.output).reduce(0) { $0 + $1.utf8.count }
      promise(result.stdout.utf8.count <= printed + entry.steps.count, "more was read than was said")
    }
  },
  FuzzTarget(
    name: "ssm-others",
    seeds: [
      #"{"Command": {"CommandId": "c", "Comment": "x"}}"#,
      #"{"Commands": [{"CommandId": "c", "Comment": "x"}], "NextToken": "t"}"#,
      #"{"InstanceInformationList": [{"InstanceId": "i-0123456789abcdef0", "PingStatus": "Online"}]}"#,
    ]
  ) { bytes in
    _ = decoded(bytes, as: SendCommand.Output.self)
    _ = decoded(bytes, as: ListCommands.Output.self)
    _ = decoded(bytes, as: CancelCommand.Output.self)
    for instance in decoded(bytes, as: DescribeInstanceInformation.Output.self)?.instances ?? [] {
      _ = InstanceID(instance.instanceID)
    }
  },
]

private func decoded<Output: Decodable>(_ bytes: [UInt8], as type: Output.Type) -> Output? {
  Answer(HTTPResponse(status: 200, body: bytes), operation: "O", region: .virginia, endpoint: "e").decoded(
    as: type)
}
