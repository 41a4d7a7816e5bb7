"""Signatures and permissions in MiniStack's process: puts the parts together."""

import os
from pathlib import Path

from ..fleet.instances import TAG, Fleet, Instance
from ..fleet.paper import PaperFleet
from .access import Judge
from .credentials import Key, Sessions
from .enforcement import Enforcement
from .file_systems import FileSystems
from .ledger import Ledger
from .machine_access import MachineAccess
from .models import Models
from .roles import Roles
from .rule_access import RuleAccess
from .stored_objects import StoredObjects
from .workers import Workers

HOSTS_SERVICE = "ec2.amazonaws.com"


class Access:
    """To be made and installed when MiniStack's settings are in the environment, before it serves anybody."""

    def __init__(self, folder: Path) -> None:
        from ministack.core import iam_evaluator
        from ministack.services import sts

        self._ledger = Ledger(folder)
        self._roles = Roles(folder, self._ledger.exist)
        self._judge = Judge(iam_evaluator, self._ledger)
        self._sessions = Sessions(sts)
        self._models = Models(self._sessions, self._ledger)
        self._file_systems = FileSystems(folder, self._roles, self._judge)
        self.workers = Workers(self._roles, self._sessions, self._judge)

    def install(self, fleet: Fleet | PaperFleet) -> None:
        from ministack.core import iam_actions, iam_evaluator, lambda_runtime
        from ministack.services import ec2, efs, eventbridge, kms, lambda_svc, sns, sqs, stepfunctions

        def tags(region: str, instance: str) -> dict[str, str]:
            known = fleet.instances(region).get(instance)
            return {**dict(known.tags), TAG: known.network} if known else {}

        self._sessions.let_operator_in(Key(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]))
        Enforcement(self._roles, self._sessions, self._judge, tags).install(iam_evaluator, iam_actions)
        self.workers.install(lambda_svc)
        self._file_systems.install(lambda_runtime, lambda_svc, efs, ec2)
        MachineAccess(self._roles, self._judge, self._models.events).install(stepfunctions)
        RuleAccess(self._roles, self._judge, self._ledger).install(eventbridge, lambda_svc, sns, sqs, kms)

    def hosts_key(self, instance: Instance) -> dict[str, str]:
        """What an instance's metadata service hands out; nothing for one without a profile, or whose role EC2 may not take."""
        role = self._roles.of_profile(instance.profile)
        if role is None or not self._judge.may_take(role, HOSTS_SERVICE):
            return {}
        return self._sessions.take(role.name, instance.id).environment()

    def watch_handlers(self) -> None:
        """To be called when nothing else will be put in front of them."""
        from ministack.services import s3, ssm

        StoredObjects(self._roles, self._sessions, self._judge).install(s3)
        self._models.install(ssm, s3)

    def broke(self, what: str) -> None:
        """Note what AWS would not have taken."""
        self._ledger.broke(what)

    def close(self) -> None:
        self._ledger.close()
