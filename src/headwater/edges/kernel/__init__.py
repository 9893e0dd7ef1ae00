"""The kernel edge: processes killed for memory, seen by eBPF or in the kernel's log, as events about the pods that lost them."""
