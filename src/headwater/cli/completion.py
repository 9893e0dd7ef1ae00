"""`headwater completion`: the script that a shell reads to complete commands and options."""

from typing import Literal


def completion(shell: Literal["bash", "zsh", "fish"], /) -> int:
    """
    Print a shell's completion script.

    For bash: `source <(headwater completion bash)`. For zsh: `headwater completion zsh > "${fpath[1]}/_headwater"`.
    For fish: `headwater completion fish > ~/.config/fish/completions/headwater.fish`.

    Parameters
    ----------
    shell
        bash, zsh or fish.
    """
    from headwater.cli.main import build_app

    print(build_app().generate_completion(prog_name="headwater", shell=shell))
    return 0
