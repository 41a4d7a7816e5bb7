"""What the local run recovers: seven servers in three waves, and what goes wrong with them on purpose."""

from typing import Any

# The timeline of a real job, so many times faster: a wave takes four seconds.
SPEED = 100
NAMES = {"db1": "db", "db2": "db", "app1": "app", "app2": "app", "app3": "app", "web1": "web", "web2": "web"}
SERVERS = {name: f"s-{number:017d}" for number, name in enumerate(NAMES, 1)}
FAULTS = {
    "launch-failed": "app2 finds no capacity: its wave fails, the one that depends on it is skipped",
    "skipped": "the service skips app2, and its job is COMPLETED all the same",
    "conversion-failed": "the conversion of app2 fails, which only the job's log tells",
    "quota": "the second job is more than the account may have",
    "lost-answer": "the first StartRecovery's answer is lost: the job is found, and not started again",
    "throttled": "every kind of question is refused for load five times: no matter",
}
OF_A_SERVER = ("launch-failed", "skipped", "conversion-failed")
# With these the drill succeeds.
NO_MATTER = ("lost-answer", "throttled")


def world(fault: str | None) -> dict[str, Any]:
    """The stand-in's file."""
    servers = [{"id": SERVERS[name], "hostname": name, "tags": {"Tier": tier},
                "outcome": fault if name == "app2" and fault in OF_A_SERVER else "launched"} for name, tier in NAMES.items()]
    faults: list[dict[str, Any]] = []
    if fault == "lost-answer":
        faults = [{"operation": "StartRecovery", "kind": "lost", "executed": True}]
    elif fault == "throttled":
        # The admission asks once more, too: its calls are tried three times.
        faults = [{"operation": name, "kind": "throttled", "times": 2}
                  for name in ("DescribeSourceServers", "DescribeJobs", "DescribeRecoveryInstances")]
    return {"speed": SPEED, "servers": servers, "faults": faults, "tells_instances": False, "quota_after": 1 if fault == "quota" else 0}


def variables(zips: str, witness: str) -> dict[str, Any]:
    """Terraform's. `witness`: an instance that the first wave's command runs on."""
    return {
        "zip_directory": zips, "online_timeout": 60,
        "groups": {"db": {"tag": {"Tier": "db"}}, "web": {"servers": [SERVERS["web1"], SERVERS["web2"]]}},
        "waves": [
            {"name": "data", "groups": ["db"],
             "preCommands": [{"document": "AWS-RunShellScript", "parameters": {"commands": ["echo replication looked at"]},
                              "instances": [witness]}],
             "postCommands": [{"document": "AWS-RunShellScript", "parameters": {"commands": ["hostname"]}}]},
            {"name": "application", "servers": [SERVERS[name] for name in ("app1", "app2", "app3")], "dependsOn": ["data"],
             "pauseBefore": True},
            {"name": "front", "groups": ["web"], "dependsOn": ["application"],
             "postCommands": [{"document": "AWS-RunShellScript", "parameters": {"commands": ["hostname"]}, "required": False}]},
        ],
    }
