import AWSClient
import Groundwork
import Orchestration
import SDWAN
import SSMKit

/// Tries what an operator needs, by calls that change nothing: they ask, or they ask for what can't be.
struct Checkup: Sendable {
  private let tool: Tool

  init(_ tool: Tool) { self.tool = tool }

  static func credentials(_ tool: Tool) async -> Check {
    let name = "credentials"
    do throws(AWSError) {
      let place = try await tool.origin()
      do throws(FailedCall) {
        return Check(name: name, state: .ok, words: "\(try await tool.tokens.identity()), from \(place)")
      } catch {
        return check(name, error, words: "from \(place)")
      }
    } catch {
      return Check(name: name, state: .missing, words: "\(error)")
    }
  }

  func all() async -> [Check] {
    let (machine, found) = await machine()
    var checks = [found]
    guard let machine else { return checks }
    checks += await executions(of: machine)
    for name in await functions() { checks += await function(name) }
    checks += await network()
    return checks
  }

  // MARK: Executions

  private func machine() async -> (StateMachine?, Check) {
    let name = "states:ListStateMachines"
    do throws(ToolError) {
      let machine = try await tool.machine()
      return (machine, Check(name: name, state: .ok, words: "the deployment's machine is \(machine.name)"))
    } catch {
      let isRefused = error.message.contains("AccessDenied")
      return (nil, Check(name: name, state: isRefused ? .refused : .missing, words: error.message))
    }
  }

  private func executions(of machine: StateMachine) async -> [Check] {
    let arn = machine.stateMachineArn
    // An execution that there is not.
    let nobody = arn.replacing(":stateMachine:", with: ":execution:") + ":sdwan-doctor"
    return await [
      tried("states:DescribeStateMachine") { () throws(FailedCall) in
        _ = try await tool.machines.describe(arn)
      },
      tried("states:ListExecutions") { () throws(FailedCall) in
        _ = try await tool.machines.executions(of: arn, limit: 1)
      },
      tried("states:DescribeExecution", "ExecutionDoesNotExist") { () throws(FailedCall) in
        _ = try await tool.machines.describe(execution: nobody)
      },
      tried("states:GetExecutionHistory", "ExecutionDoesNotExist") { () throws(FailedCall) in
        try await tool.machines.history(of: nobody) { _ in false }
      },
      tried("states:StartExecution", "InvalidExecutionInput", "InvalidName") { () throws(FailedCall) in
        _ = try await tool.machines.start(arn, name: "sdwan-doctor", input: "no JSON")
      },
      tried("states:StopExecution", "ExecutionDoesNotExist") { () throws(FailedCall) in
        try await tool.machines.stop(nobody)
      },
      tried("states:SendTaskSuccess", "InvalidToken", "TaskDoesNotExist", "TaskTimedOut") {
        () throws(FailedCall) in
        try await tool.machines.succeed("sdwan-doctor")
      },
      tried("states:SendTaskFailure", "InvalidToken", "TaskDoesNotExist", "TaskTimedOut") {
        () throws(FailedCall) in
        try await tool.machines.fail("sdwan-doctor", error: "none", cause: "none")
      },
    ]
  }

  // MARK: Functions

  private func functions() async -> [String] { (try? await Machine(tool).functions) ?? [] }

  private func function(_ name: String) async -> [Check] {
    await [
      tried("lambda:GetFunctionConfiguration \(name)") { () throws(FailedCall) in
        _ = try await tool.functions.describe(name)
      },
      tried("lambda:InvokeFunction \(name)") { () throws(FailedCall) in
        try await tool.functions.mayInvoke(name)
      },
      tried("logs:FilterLogEvents \(name)", "ResourceNotFoundException") { () throws(FailedCall) in
        try await tool.logs.events(in: "/aws/lambda/\(name)", from: tool.clock.wall()) { _ in false }
      },
    ]
  }

  // MARK: Routers

  /// Of one router in each region, and of the key.
  private func network() async -> [Check] {
    let network: NetworkConfiguration
    do throws(ToolError) { network = try await NetworkConfiguration(tool) } catch { return [] }
    var checks: [Check] = []
    let regions = Dictionary(grouping: network.topology.routers, by: \.region)
    for (region, routers) in regions.sorted(by: { $0.key < $1.key }) {
      guard let router = routers.first else { continue }
      checks.append(
        await tried("ssm:GetParametersByPath \(region.name)") { () throws(FailedCall) in
          _ = try await network.instance(of: router, tool)
        })
      if let instance = try? await network.instance(of: router, tool) {
        checks.append(
          await tried(
            "ssm:SendCommand \(region.name)", "InvalidParameters", "ValidationException", "InvalidInstanceId"
          ) { () throws(FailedCall) in try await tool.probe.send(to: instance, in: region) })
      }
      checks.append(
        await tried("ssm:GetCommandInvocation \(region.name)", "InvocationDoesNotExist", "InvalidCommandId") {
          () throws(FailedCall) in try await tool.probe.ask(in: region)
        })
      checks += await key(in: region)
    }
    return checks
  }

  /// Where there is one: a key that is not to be overwritten is refused, and stays.
  private func key(in region: Region) async -> [Check] {
    let name = "/\(tool.global.name)-secrets/vpn-psk"
    let read = await tried("ssm:GetParameter \(name) \(region.name)") { () throws(FailedCall) in
      _ = try await tool.secrets.read(name, in: region)
    }
    guard read.state == .ok, let known = try? await tool.secrets.read(name, in: region) else { return [read] }
    return [
      read,
      await tried("ssm:PutParameter \(name) \(region.name)", "ParameterAlreadyExists") {
        () throws(FailedCall) in
        try await tool.secrets.write(name, known.value, in: region, isThere: false)
      },
    ]
  }

  // MARK: Verdicts

  /// - Parameter wanted: codes that come behind the permission.
  private func tried(
    _ name: String, _ wanted: String..., call: () async throws(FailedCall) -> Void
  ) async -> Check {
    do throws(FailedCall) {
      try await call()
      return Check(name: name, state: .ok, words: "")
    } catch {
      if let code = error.error.code, wanted.contains(code) {
        return Check(name: name, state: .ok, words: "")
      }
      return Self.check(name, error, words: "")
    }
  }

  private static func check(_ name: String, _ call: FailedCall, words: String) -> Check {
    let error = call.error
    let code = error.code ?? ""
    let state: Check.State =
      code.contains("AccessDenied") || code.contains("NotAuthorized") || code.contains("Unauthorized")
      ? .refused
      : error.isPassing
        ? .unknown : code.contains("NotFound") || code.contains("DoesNotExist") ? .missing : .unknown
    return Check(
      name: name, state: state, words: ["\(error)", words].filter { !$0.isEmpty }.joined(separator: "; "))
  }
}
