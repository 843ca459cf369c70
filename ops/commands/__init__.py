"""Sub-commands of `yizhangtu`, one subject per file."""
