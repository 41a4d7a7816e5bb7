#!/opt/bin/python3 -S
"""lxc: images, instances, devices, files and exec, with LXD's own complaints.

What runs inside an instance is the image's affair: this program only unpacks it,
boots its /sbin/init and enters it (container.py).
"""

import sys
from collections.abc import Callable

import lxc_config
import lxc_files
import lxc_images
import lxc_instances
import lxd_state
import state

COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "image": lxc_images.main, "file": lxc_files.main, "init": lxc_instances.init, "launch": lxc_instances.launch,
    "info": lxc_instances.info, "list": lxc_instances.show_list, "start": lxc_instances.start,
    "stop": lxc_instances.stop, "delete": lxc_instances.delete, "exec": lxc_instances.execute,
    "config": lxc_config.main, "rename": lxc_instances.rename,
}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        state.fail(f'Error: unknown command "{" ".join(arguments[:1])}" for "lxc"')
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except lxd_state.Problem as problem:
        state.fail(f"Error: {problem}")


sys.exit(main(sys.argv[1:]))
