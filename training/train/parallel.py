"""Several processes, one batch: started by torchrun, which sets WORLD_SIZE and RANK."""

from __future__ import annotations

import os

import torch
import torch.distributed as dist


def start_processes() -> None:
    """Join the group that torchrun announces; nothing to do for one process."""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not dist.is_initialized():
        cuda = torch.cuda.is_available()
        if cuda:
            torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
        dist.init_process_group("nccl" if cuda else "gloo")


def end_processes() -> None:
    """Leave the group.

    Gloo's thread still holds the tensors of the last reduction and needs the interpreter's lock to drop them, while the
    group's destructor keeps that lock and waits for the thread (torch 2.13). After a barrier it holds none of ours.
    """
    if dist.is_initialized():
        dist.barrier()
        dist.destroy_process_group()
