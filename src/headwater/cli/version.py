"""`headwater version`."""

import sys
from typing import Annotated

from cyclopts import Parameter

from headwater import __version__
from headwater.cli.output import StructuredFormat, print_json, print_yaml
from headwater.cli.terminal import say


def version(output: Annotated[StructuredFormat, Parameter(name=["--output", "-o"])] = StructuredFormat.TEXT) -> int:
    """
    Print the version.

    Parameters
    ----------
    output
        Format.
    """
    content = {"headwater": __version__, "python": sys.version.split()[0], "platform": sys.platform}
    if output is StructuredFormat.JSON:
        print_json(content)
    elif output is StructuredFormat.YAML:
        print_yaml(content)
    else:
        say(f"headwater {__version__} (Python {content['python']}, {content['platform']})")
    return 0
