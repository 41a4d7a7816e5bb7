"""Where S3 answers a role otherwise than MiniStack's does.

One who may not list the bucket is not told that there is no such object: it is 403 and not 404. And an object under a
KMS key is read by who may decrypt with the key, through S3.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, "Permissions";
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html, "Permissions".
"""

from types import ModuleType
from typing import Any

from .access import Judge
from .credentials import Sessions, region_of, signer
from .roles import Role, Roles

DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
ENCRYPTION, KEY = "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"


class StoredObjects:
    """Stands behind MiniStack's S3, and looks at what it answers to a role's key."""

    def __init__(self, roles: Roles, sessions: Sessions, judge: Judge) -> None:
        self._roles = roles
        self._sessions = sessions
        self._judge = judge

    def install(self, s3: ModuleType) -> None:
        ask = s3.handle_request

        async def looked_at(method: str, path: str, headers: dict[str, str], *rest: Any, **more: Any) -> Any:
            answer = await ask(method, path, headers, *rest, **more)
            key_id = signer(headers)
            role = self._roles.named(self._sessions.role_of(key_id) or "")
            if role is not None and not self._is_told(role, self._sessions.arn_of(key_id), method, path, region_of(headers), answer):
                return 403, {"Content-Type": "application/xml"}, b"" if method == "HEAD" else DENIED
            return answer

        s3.handle_request = looked_at

    def _is_told(self, role: Role, who: str, method: str, path: str, region: str, answer: Any) -> bool:
        answered = {name.lower(): value for name, value in answer[1].items()}
        if answer[0] == 404:
            bucket = f"arn:aws:s3:::{path.removeprefix('/').partition('/')[0]}"
            return bool(self._judge.grants(role, who, "s3:ListBucket", bucket, region))
        if answer[0] < 300 and method == "GET" and answered.get(ENCRYPTION) == "aws:kms":
            return self._judge.allows(role, who, "kms:Decrypt", answered[KEY], region, {"kms:ViaService": f"s3.{region}.amazonaws.com"})
        return True
