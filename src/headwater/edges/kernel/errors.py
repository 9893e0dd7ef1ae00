"""What can keep us from watching the kernel. A message says what is missing, and what to do about it."""


class KernelEdgeError(Exception):
    """Trouble with the kernel that the operator can do something about; the text is `what; remedy`."""


class SourceRefusedError(KernelEdgeError):
    """A way to watch the kernel is not open to us."""


class MalformedBtfError(KernelEdgeError):
    """The kernel's type information is not what it should be."""


class MissingTypeError(KernelEdgeError):
    """This kernel's types lack something the program needs."""
