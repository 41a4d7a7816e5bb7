"""A JSONPath that finds nothing ends the execution; MiniStack takes null instead.

States.Runtime, which nothing catches, is what AWS answers for InputPath, OutputPath, Parameters, ItemsPath, SecondsPath and
an intrinsic function's argument. A ResultPath below an input that is no object is States.ResultPathMatchFailure. An intrinsic
function that can't be applied is States.IntrinsicFailure.
"""

from types import ModuleType
from typing import Any

from .size import shown

RUNTIME, RESULT_PATH, INTRINSIC = "States.Runtime", "States.ResultPathMatchFailure", "States.IntrinsicFailure"
ROOT = "$"
FORMAT = "States.Format"


def install(states: ModuleType) -> None:
    resolve, put, call, evaluate = (states._resolve_path, states._apply_result_path_raw, states._exec_intrinsic,
                                    states._eval_intrinsic_arg)

    def resolved(path: str, data: Any) -> Any:
        if path == ROOT or not path:
            return data
        if not is_present(states, path, data):
            raise states._ExecutionError(RUNTIME, f"The JSONPath '{path}' could not be found in the input '{shown(data)}'")
        return resolve(path, data)

    def put_result(path: str | None, original: Any, result: Any) -> Any:
        if path not in (None, ROOT) and not isinstance(original, dict):
            raise states._ExecutionError(RESULT_PATH, f"Unable to apply ReferencePath {path} to input {shown(original)}")
        return put(path, original, result)

    def called(node: Any, data: Any, ctx: Any) -> Any:
        kind, name, arguments = node
        if name == FORMAT:
            template, *values = arguments
            texts = [("str", _format_argument(evaluate(value, data, ctx))) for value in values]
            node = (kind, name, [template, *texts])
        try:
            return call(node, data, ctx)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            raise states._ExecutionError(INTRINSIC, f"The function '{name}' could not be applied: {error}") from error

    def _format_argument(value: Any) -> str:
        if isinstance(value, (dict, list)):
            raise states._ExecutionError(INTRINSIC, f"{FORMAT} takes strings, numbers, booleans and null, not {shown(value)}")
        return value if isinstance(value, str) else shown(value)

    states._resolve_path, states._apply_result_path_raw, states._exec_intrinsic = resolved, put_result, called


def is_present(states: ModuleType, path: str, data: Any) -> bool:
    """Whether a path finds something; null is something."""
    if path == ROOT:
        return True
    tokens = states._parse_jsonpath_tokens(path)
    if tokens is None:
        raise states._ExecutionError(RUNTIME, f"The emulator does not know the JSONPath '{path}'")
    found = [data]
    for kind, wanted in tokens:
        if kind == "wildcard":
            # It may find nothing: then the answer is an empty list.
            return True
        if kind == "field":
            found = [value[wanted] for value in found if isinstance(value, dict) and wanted in value]
        else:
            found = [value[wanted] for value in found if isinstance(value, list) and wanted < len(value)]
    return bool(found)
